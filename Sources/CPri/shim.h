// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/time.h>
#include <libpri.h>

/// What every event says that is about a call or a channel; 0 or NULL where it has none.
struct pri_event_summary {
    int kind;
    int channel;
    int call_reference;
    int cause;
    /// The far end leaves the choice of channel to us.
    int flexible;
    int sending_complete;
    q931_call *call;
};

/// Swift cannot reach into the union of events.
static inline struct pri_event_summary pri_event_read(const pri_event *event) {
    struct pri_event_summary summary = {.kind = event->e};
    switch (event->e) {
    case PRI_EVENT_RING:
        summary.channel = event->ring.channel;
        summary.call_reference = event->ring.cref;
        summary.flexible = event->ring.flexible;
        summary.sending_complete = event->ring.complete;
        summary.call = event->ring.call;
        break;
    case PRI_EVENT_HANGUP:
    case PRI_EVENT_HANGUP_REQ:
    case PRI_EVENT_HANGUP_ACK:
        summary.channel = event->hangup.channel;
        summary.call_reference = event->hangup.cref;
        summary.cause = event->hangup.cause;
        summary.call = event->hangup.call;
        break;
    case PRI_EVENT_RINGING:
        summary.channel = event->ringing.channel;
        summary.call = event->ringing.call;
        break;
    case PRI_EVENT_ANSWER:
        summary.channel = event->answer.channel;
        summary.call = event->answer.call;
        break;
    case PRI_EVENT_PROCEEDING:
    case PRI_EVENT_PROGRESS:
        summary.channel = event->proceeding.channel;
        summary.cause = event->e == PRI_EVENT_PROGRESS ? event->proceeding.cause : 0;
        summary.call = event->proceeding.call;
        break;
    case PRI_EVENT_SETUP_ACK:
        summary.channel = event->setup_ack.channel;
        summary.call = event->setup_ack.call;
        break;
    case PRI_EVENT_CONNECT_ACK:
        summary.channel = event->connect_ack.channel;
        summary.call = event->connect_ack.call;
        break;
    case PRI_EVENT_RESTART:
        summary.channel = event->restart.channel;
        break;
    case PRI_EVENT_RESTART_ACK:
        summary.channel = event->restartack.channel;
        break;
    default:
        break;
    }
    return summary;
}

/// A new outgoing call with what its SETUP says. NULL when it could not be sent; nothing is left behind then.
/// The strings are ASCII, shorter than 64 octets; `caller` and `name` may be NULL.
static inline q931_call *pri_place(
    struct pri *pri, int channel, int transfer_capability, int layer1, const char *called, int called_plan,
    const char *caller, int caller_plan, int caller_presentation, const char *name) {
    q931_call *call = pri_new_call(pri);
    struct pri_sr *request = pri_sr_new();
    if (!call || !request) {
        if (call) pri_destroycall(pri, call);
        if (request) pri_sr_free(request);
        return NULL;
    }
    pri_sr_set_channel(request, channel, 1, 0);
    pri_sr_set_bearer(request, transfer_capability, layer1);
    pri_sr_set_called(request, (char *)called, called_plan, 1);
    struct pri_party_id party;
    memset(&party, 0, sizeof party);
    if (caller) {
        party.number.valid = 1;
        party.number.plan = caller_plan;
        party.number.presentation = caller_presentation;
        strncpy(party.number.str, caller, sizeof party.number.str - 1);
    }
    if (name) {
        party.name.valid = 1;
        party.name.presentation = caller_presentation & PRI_PRES_RESTRICTION;
        party.name.char_set = PRI_CHAR_SET_ISO8859_1;
        strncpy(party.name.str, name, sizeof party.name.str - 1);
    }
    if (caller || name) pri_sr_set_caller_party(request, &party);
    int refused = pri_setup(pri, call, request);
    pri_sr_free(request);
    if (!refused) return call;
    pri_destroycall(pri, call);
    return NULL;
}

/// Whether libpri still knows the call.
static inline int pri_knows(struct pri *pri, q931_call *call) {
    int mode = 0;
    return pri_get_crv(pri, call, &mode) >= 0;
}

/// When libpri's next timer is due, in nanoseconds of its clock; 0 when none runs.
static inline uint64_t pri_next_due(struct pri *pri) {
    const struct timeval *next = pri_schedule_next(pri);
    return next ? (uint64_t)next->tv_sec * 1000000000u + (uint64_t)next->tv_usec * 1000u : 0;
}
