internal import Foundation
internal import SignalProtocol

/// The text of the QR code that the phone scans.
enum PairingQR {
    static let address = "https://wa.me/settings/linked_devices#"

    /// `ADDRESS REF,NOISE,IDENTITY,ADV,CLIENT`, keys in base64.
    ///
    /// Composed when it is drawn and never kept: the service may demand another ADV secret at any time.
    static func text(reference: String, credentials: Credentials, clientType: String) -> String {
        let fields = [
            reference,
            Data(credentials.noiseKey.publicKey).base64EncodedString(),
            Data(credentials.identityKey.publicKey).base64EncodedString(),
            Data(credentials.advSecret.reveal()).base64EncodedString(),
            clientType,
        ]
        return address + fields.joined(separator: ",")
    }

    /// How long a reference can be scanned: the first of a batch a minute, each other 20 seconds.
    static func lifetime(ofReferenceAt index: Int) -> Duration {
        index == 0 ? .seconds(60) : .seconds(20)
    }
}
