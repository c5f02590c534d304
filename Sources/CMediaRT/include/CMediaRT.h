// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "rt_safe.h"

/// Locks the memory of the process now and in future where no limit could make a later allocation fail. 0, or minus errno.
int rt_lock_memory(void);
