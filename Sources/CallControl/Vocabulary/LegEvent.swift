// SPDX-License-Identifier: GPL-2.0-or-later

/// What a leg tells its call. The same words for SIP and ISDN: neither leg knows the other's protocol.
///
/// An originating leg begins with `offered`; a terminating leg moves from `proceeding` to `answered`. Either ends with
/// `gone`, once, with `released` before it unless the call itself asked for the end.
package enum LegEvent: Hashable, Sendable {
    case offered(CallOffer)
    /// The far side has the whole number and looks for the called party.
    case proceeding
    /// It rings. With `audio` the far side provides what the caller shall hear.
    case alerting(audio: Bool)
    /// Neither ringing nor answered; with `audio` there is something to hear.
    case progress(audio: Bool)
    case answered
    /// The far end, or the leg's protocol, ended it. The leg says by itself what its protocol still asks for.
    case released(Release)
    /// The leg holds nothing any more.
    case gone
}

/// What a call tells its legs.
///
/// `offer` goes to a terminating leg, `alert`, `progress` and `answer` to an originating one, `release` to both.
package enum LegCommand: Hashable, Sendable {
    case offer(CallOffer)
    case alert(audio: Bool)
    case progress(audio: Bool)
    case answer
    case release(Release)
}
