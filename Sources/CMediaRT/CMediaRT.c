// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "CMediaRT.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

int rt_lock_memory(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) < 0) return -errno;
    if (geteuid() != 0 && limit.rlim_cur != RLIM_INFINITY) return -EPERM;
    return mlockall(MCL_CURRENT | MCL_FUTURE) < 0 ? -errno : 0;
}
