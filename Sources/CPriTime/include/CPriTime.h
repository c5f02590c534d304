// SPDX-License-Identifier: GPL-2.0-or-later
// The time libpri sees. It asks gettimeofday, which is defined here: between `cpri_time_enter` and `cpri_time_leave` the
// calling thread is told the time it entered with, and everyone else the time of day.
#pragma once
#include <stdint.h>

void cpri_time_enter(uint64_t nanoseconds);
void cpri_time_leave(void);
