// SPDX-License-Identifier: GPL-2.0-or-later
// The C functions that may run on the media thread, admitted by name: whoever adds one has read its source and found
// neither allocation nor lock nor system call in it. The compiler refuses every other one under `@_noAllocation`.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <spandsp.h>

#define RT_SAFE __attribute__((swift_attr("@_noAllocation"), swift_attr("@_noLocks")))

// Words shared by two threads.

RT_SAFE static inline uint64_t rt_load_acquire(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
RT_SAFE static inline void rt_store_release(uint64_t *word, uint64_t value) {
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}
RT_SAFE static inline uint64_t rt_load(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_RELAXED); }
RT_SAFE static inline void rt_store(uint64_t *word, uint64_t value) { __atomic_store_n(word, value, __ATOMIC_RELAXED); }
RT_SAFE static inline void rt_add(uint64_t *word, uint64_t value) { __atomic_fetch_add(word, value, __ATOMIC_RELAXED); }

// Octets.

RT_SAFE static inline void rt_copy(void *to, const void *from, size_t octets) { memcpy(to, from, octets); }
RT_SAFE static inline void rt_fill(void *to, uint8_t value, size_t octets) { memset(to, value, octets); }

// spandsp 0.0.6 (dtmf.c, plc.c): plain arithmetic on the state it is given.

/// Listens to a block of at most 102 samples and answers the digit that sounds now, 'x' when one may be starting, or 0.
RT_SAFE static inline int rt_dtmf_listen(dtmf_rx_state_t *state, const int16_t *samples, int count) {
    dtmf_rx(state, samples, count);
    return dtmf_rx_status(state);
}
/// Remembers good audio; after a gap blends its beginning with what was made up.
RT_SAFE static inline void rt_plc_received(plc_state_t *state, int16_t *samples, int count) {
    plc_rx(state, samples, count);
}
/// Makes up audio, fading out over 50 ms.
RT_SAFE static inline void rt_plc_conceal(plc_state_t *state, int16_t *samples, int count) {
    plc_fillin(state, samples, count);
}
