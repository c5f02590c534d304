// SPDX-License-Identifier: GPL-2.0-or-later
import Spans

/// A span driver on its way to the media thread, which owns it from the command that brings it to the notice that gives it back.
final class SpanBox {
    let driver: any SpanDriver

    init(_ driver: any SpanDriver) {
        self.driver = driver
    }
}

/// A box in a command: its reference is held by whoever sent it, until the span is closed.
@safe struct SpanHandle: BitwiseCopyable {
    private let reference: Unmanaged<SpanBox>

    init(_ box: SpanBox) {
        unsafe reference = .passRetained(box)
    }

    var box: SpanBox { unsafe reference.takeUnretainedValue() }

    func release() {
        unsafe reference.release()
    }
}
