// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <stdint.h>

/// Allocations the calling thread has made so far, by malloc and its kin.
uint64_t allocations_of_this_thread(void);
/// 0 under a sanitizer, which has an allocator of its own.
int allocations_are_counted(void);
