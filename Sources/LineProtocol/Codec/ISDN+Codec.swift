// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN

extension TransferCapability: LineCodable {}
extension G711Law: LineCodable {}
extension Cause: LineCodable {}
extension CauseLocation: LineCodable {}
extension TypeOfNumber: LineCodable {}
extension NumberingPlan: LineCodable {}
extension Presentation: LineCodable {}
extension Screening: LineCodable {}
extension InterfaceRole: LineCodable {}
extension SwitchType: LineCodable {}
extension HuntOrder: LineCodable {}
extension ProgressDescription: LineCodable {}

extension BearerCapability: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(transfer: try decoder.decode(), law: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(transfer)
        encoder.encode(law)
    }
}

extension PartyNumber: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(
            digits: try decoder.decode(), type: try decoder.decode(), plan: try decoder.decode(),
            presentation: try decoder.decode(), screening: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(digits)
        encoder.encode(type)
        encoder.encode(plan)
        encoder.encode(presentation)
        encoder.encode(screening)
    }
}

extension ProgressIndicator: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(try decoder.decode(), location: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(description)
        encoder.encode(location)
    }
}
