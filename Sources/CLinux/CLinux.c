// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "CLinux.h"

#include <alloca.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

int cl_epoll_create(void) {
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    return epoll < 0 ? -errno : epoll;
}

int cl_epoll_set(int epoll, int descriptor, uint32_t interest, uint64_t token) {
    struct epoll_event event = {0};
    if (interest & CL_READABLE) event.events |= EPOLLIN;
    if (interest & CL_PRIORITY) event.events |= EPOLLPRI;
    if (interest & CL_WRITABLE) event.events |= EPOLLOUT;
    event.data.u64 = token;
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0) return 0;
    if (errno == EEXIST && epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) == 0) return 0;
    return -errno;
}

int cl_epoll_remove(int epoll, int descriptor) {
    return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, NULL) < 0 ? -errno : 0;
}

int cl_epoll_wait(int epoll, struct cl_ready *ready, int count, int timeout) {
    struct epoll_event events[64];
    if (count > 64) count = 64;
    int found = epoll_wait(epoll, events, count, timeout);
    if (found < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < found; i++) {
        uint32_t interest = 0;
        if (events[i].events & EPOLLIN) interest |= CL_READABLE;
        if (events[i].events & EPOLLPRI) interest |= CL_PRIORITY;
        if (events[i].events & EPOLLOUT) interest |= CL_WRITABLE;
        if (events[i].events & (EPOLLHUP | EPOLLERR)) interest |= CL_HANGUP;
        ready[i].token = events[i].data.u64;
        ready[i].interest = interest;
    }
    return found;
}

int cl_timer_create(void) {
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    return timer < 0 ? -errno : timer;
}

int cl_timer_set(int timer, uint64_t nanoseconds) {
    struct itimerspec when = {0};
    when.it_value.tv_sec = (time_t)(nanoseconds / 1000000000u);
    when.it_value.tv_nsec = (long)(nanoseconds % 1000000000u);
    return timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL) < 0 ? -errno : 0;
}

static int drain(int descriptor) {
    uint64_t count = 0;
    if (read(descriptor, &count, sizeof count) != (ssize_t)sizeof count) return 0;
    return count > 0x7fffffff ? 0x7fffffff : (int)count;
}

int cl_timer_drain(int timer) { return drain(timer); }

int cl_event_create(void) {
    int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return event < 0 ? -errno : event;
}

int cl_event_signal(int event) {
    uint64_t one = 1;
    return write(event, &one, sizeof one) < 0 ? -errno : 0;
}

int cl_event_drain(int event) { return drain(event); }

int cl_signal_create(const int *signals, int count) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
    int refused = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (refused) return -refused;
    int descriptor = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

int cl_signal_next(int descriptor) {
    struct signalfd_siginfo info;
    return read(descriptor, &info, sizeof info) == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

static uint64_t nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t cl_monotonic_nanoseconds(void) { return nanoseconds(CLOCK_MONOTONIC); }
uint64_t cl_wall_nanoseconds(void) { return nanoseconds(CLOCK_REALTIME); }

int cl_thread_name(const char *name) { return -pthread_setname_np(pthread_self(), name); }

int cl_thread_realtime(int priority) {
    struct sched_param parameters = {.sched_priority = priority};
    return -pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
}

int cl_memory_lock(void) { return mlockall(MCL_CURRENT | MCL_FUTURE) < 0 ? -errno : 0; }

void cl_stack_touch(size_t octets) {
    volatile unsigned char *stack = alloca(octets);
    for (size_t i = 0; i < octets; i += 1024) stack[i] = 0;
}

int cl_core_dumps_off(void) {
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) < 0) return -errno;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0;
}

int cl_random(void *buffer, size_t size) {
    return getrandom(buffer, size, 0) == (ssize_t)size ? 0 : -errno;
}
