// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "CLinux.h"
#include <spawn.h>

int cl_spawn_close_from(void *file_actions, int first)
{
    return posix_spawn_file_actions_addclosefrom_np((posix_spawn_file_actions_t *)file_actions, first);
}
