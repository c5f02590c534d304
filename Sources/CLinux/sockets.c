// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CLinux.h"

static socklen_t to_native(const struct cl_address *address, struct sockaddr_storage *native) {
    memset(native, 0, sizeof *native);
    if (!address->is_v6) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)native;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(address->port);
        v4->sin_addr.s_addr = htonl((uint32_t)address->low);
        return sizeof *v4;
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)native;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(address->port);
    for (int i = 0; i < 8; i++) {
        v6->sin6_addr.s6_addr[i] = (uint8_t)(address->high >> (56 - 8 * i));
        v6->sin6_addr.s6_addr[8 + i] = (uint8_t)(address->low >> (56 - 8 * i));
    }
    return sizeof *v6;
}

static void from_native(const struct sockaddr_storage *native, struct cl_address *address) {
    memset(address, 0, sizeof *address);
    if (native->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)native;
        address->low = ntohl(v4->sin_addr.s_addr);
        address->port = ntohs(v4->sin_port);
    } else if (native->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)native;
        for (int i = 0; i < 8; i++) {
            address->high = address->high << 8 | v6->sin6_addr.s6_addr[i];
            address->low = address->low << 8 | v6->sin6_addr.s6_addr[8 + i];
        }
        address->port = ntohs(v6->sin6_port);
        address->is_v6 = 1;
    }
}

int cl_udp_bind(const struct cl_address *local) {
    struct sockaddr_storage native;
    socklen_t length = to_native(local, &native);
    int descriptor = socket(native.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    if (local->is_v6) {
        int only = 1;
        setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
    }
    if (bind(descriptor, (struct sockaddr *)&native, length) < 0) {
        int error = errno;
        close(descriptor);
        return -error;
    }
    return descriptor;
}

int cl_socket_address(int descriptor, struct cl_address *local) {
    struct sockaddr_storage native = {0};
    socklen_t length = sizeof native;
    if (getsockname(descriptor, (struct sockaddr *)&native, &length) < 0) return -errno;
    from_native(&native, local);
    return 0;
}

long cl_udp_receive(int descriptor, void *buffer, size_t size, struct cl_address *from) {
    struct sockaddr_storage native = {0};
    struct iovec part = {buffer, size};
    struct msghdr message = {
        .msg_name = &native, .msg_namelen = sizeof native, .msg_iov = &part, .msg_iovlen = 1};
    ssize_t octets = recvmsg(descriptor, &message, 0);
    if (octets < 0) return -errno;
    from_native(&native, from);
    return message.msg_flags & MSG_TRUNC ? -EMSGSIZE : (long)octets;
}

long cl_udp_send(int descriptor, const void *buffer, size_t size, const struct cl_address *to) {
    struct sockaddr_storage native;
    socklen_t length = to_native(to, &native);
    ssize_t octets = sendto(descriptor, buffer, size, MSG_NOSIGNAL, (struct sockaddr *)&native, length);
    return octets < 0 ? -errno : (long)octets;
}

int cl_peer(int descriptor, struct cl_peer *peer) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0) return -errno;
    peer->process = credentials.pid;
    peer->user = credentials.uid;
    peer->group = credentials.gid;
    return 0;
}

/// The inode of the socket that holds this port, from one of the tables under /proc/net; 0 when it has none.
static unsigned long socket_inode(const char *table, uint16_t port, int listening_only) {
    FILE *file = fopen(table, "re");
    if (!file) return 0;
    char line[512];
    unsigned long inode = 0;
    if (fgets(line, sizeof line, file)) {  // the heading
        while (!inode && fgets(line, sizeof line, file)) {
            unsigned local, state;
            unsigned long found;
            if (sscanf(line, "%*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*s %*s %*s %*d %*d %lu", &local, &state,
                       &found) == 3 &&
                local == port && (!listening_only || state == 10))
                inode = found;
        }
    }
    fclose(file);
    return inode;
}

static int process_holds(const char *process, const char *link) {
    char path[320];
    snprintf(path, sizeof path, "/proc/%.16s/fd", process);
    DIR *descriptors = opendir(path);
    if (!descriptors) return 0;
    int holds = 0;
    struct dirent *entry;
    while (!holds && (entry = readdir(descriptors))) {
        char name[64];
        ssize_t length = readlinkat(dirfd(descriptors), entry->d_name, name, sizeof name - 1);
        if (length <= 0) continue;
        name[length] = 0;
        holds = strcmp(name, link) == 0;
    }
    closedir(descriptors);
    return holds;
}

int cl_port_owner(uint16_t port, int is_tcp, char *text, size_t size) {
    unsigned long inode = socket_inode(is_tcp ? "/proc/net/tcp" : "/proc/net/udp", port, is_tcp);
    if (!inode) inode = socket_inode(is_tcp ? "/proc/net/tcp6" : "/proc/net/udp6", port, is_tcp);
    if (!inode) return -ESRCH;
    char link[64];
    snprintf(link, sizeof link, "socket:[%lu]", inode);
    DIR *processes = opendir("/proc");
    if (!processes) return -errno;
    int result = -ESRCH;
    struct dirent *entry;
    while (result < 0 && (entry = readdir(processes))) {
        if (!isdigit((unsigned char)entry->d_name[0]) || !process_holds(entry->d_name, link)) continue;
        char path[64], name[32] = "a process";
        snprintf(path, sizeof path, "/proc/%.16s/comm", entry->d_name);
        FILE *file = fopen(path, "re");
        if (file) {
            if (fgets(name, sizeof name, file)) name[strcspn(name, "\n")] = 0;
            fclose(file);
        }
        result = snprintf(text, size, "%s (pid %s)", name, entry->d_name);
    }
    closedir(processes);
    return result;
}

int cl_accept(int listener) {
    int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}
