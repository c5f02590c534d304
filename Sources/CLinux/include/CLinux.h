// SPDX-License-Identifier: GPL-2.0-or-later
// What Swift's importer cannot see of Linux. Every function answers a value, or minus errno.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Event loop.

enum { CL_READABLE = 1, CL_PRIORITY = 2, CL_WRITABLE = 4, CL_HANGUP = 8 };

/// One descriptor that has something to say, under the token it was added with.
struct cl_ready {
    uint64_t token;
    uint32_t interest;
};

int cl_epoll_create(void);
/// Adds the descriptor, or changes the interest of one that was added. Level-triggered.
int cl_epoll_set(int epoll, int descriptor, uint32_t interest, uint64_t token);
int cl_epoll_remove(int epoll, int descriptor);
/// Waits for at most `timeout` milliseconds (-1: for ever); an interrupted wait answers 0. At most 64 at a time.
int cl_epoll_wait(int epoll, struct cl_ready *ready, int count, int timeout);

/// A non-blocking timer on the monotonic clock.
int cl_timer_create(void);
/// Fires once at this monotonic time in nanoseconds (at once when it is past); 0 disarms.
int cl_timer_set(int timer, uint64_t nanoseconds);
/// How often it fired since it was last asked; 0 when not.
int cl_timer_drain(int timer);

/// A non-blocking event counter.
int cl_event_create(void);
int cl_event_signal(int event);
/// Whether it was signalled since it was last asked.
int cl_event_drain(int event);

/// A non-blocking descriptor that reads these signals, which are blocked for the calling thread and its later children.
int cl_signal_create(const int *signals, int count);
/// The next signal, or 0.
int cl_signal_next(int descriptor);

// Clocks, in nanoseconds.

uint64_t cl_monotonic_nanoseconds(void);
uint64_t cl_wall_nanoseconds(void);

// Threads and memory.

int cl_thread_name(const char *name);
/// SCHED_FIFO for the calling thread.
int cl_thread_realtime(int priority);
/// Locks present and future memory of the process.
int cl_memory_lock(void);
/// Writes to that much of the calling thread's stack, so that it is never touched for the first time later.
void cl_stack_touch(size_t octets);
/// No core files, and no peeking by other processes of the same user.
int cl_core_dumps_off(void);

// Sockets.

/// An IP address and port as numbers: an IPv4 address is in `low`, its first octet in bits 24 to 31.
struct cl_address {
    uint64_t high;
    uint64_t low;
    uint16_t port;
    uint8_t is_v6;
};

/// A non-blocking UDP socket bound to the address; no address is shared.
int cl_udp_bind(const struct cl_address *local);
/// The address a socket is bound to.
int cl_socket_address(int descriptor, struct cl_address *local);
/// The number of octets received; -EAGAIN when nothing waits; -EMSGSIZE when it was longer than the buffer.
long cl_udp_receive(int descriptor, void *buffer, size_t size, struct cl_address *from);
long cl_udp_send(int descriptor, const void *buffer, size_t size, const struct cl_address *to);
/// Who holds a UDP or TCP port here, as "name (pid n)"; -ESRCH when that cannot be found out.
int cl_port_owner(uint16_t port, int is_tcp, char *text, size_t size);

struct cl_peer {
    int32_t process;
    uint32_t user;
    uint32_t group;
};
/// Who is at the other end of a Unix socket (SO_PEERCRED).
int cl_peer(int descriptor, struct cl_peer *peer);
/// The next connection that waits, non-blocking and closed on exec; -EAGAIN when none does.
int cl_accept(int listener);

/// Fills the buffer from the kernel's random number generator. 0, or minus errno.
int cl_random(void *buffer, size_t size);

/// Has the spawned program start without any descriptor from `first` on; `file_actions` is a posix_spawn_file_actions_t.
/// 0 or an errno value.
int cl_spawn_close_from(void *file_actions, int first);
