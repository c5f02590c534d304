// SPDX-License-Identifier: GPL-2.0-or-later
#include "CPriTime.h"

#include <sys/time.h>
#include <time.h>

static _Thread_local uint64_t entered_nanoseconds;
static _Thread_local int entered;

void cpri_time_enter(uint64_t nanoseconds) {
    entered_nanoseconds = nanoseconds;
    entered = 1;
}

void cpri_time_leave(void) { entered = 0; }

// Interposes the C library's: a symbol of the program itself comes first for the dynamic linker.
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    struct timespec time;
    if (entered) {
        time.tv_sec = (time_t)(entered_nanoseconds / 1000000000u);
        time.tv_nsec = (long)(entered_nanoseconds % 1000000000u);
    } else {
        clock_gettime(CLOCK_REALTIME, &time);
    }
    now->tv_sec = time.tv_sec;
    now->tv_usec = time.tv_nsec / 1000;
    return 0;
}
