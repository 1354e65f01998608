internal import Crypto
internal import Foundation
package import WhatsAppWire

/// The short name of a set of devices (`phash`): changes when the set does.
///
/// `2:` and, in base64, the first six bytes of SHA-256 over the sorted names `user.0:device@server`, device 0 written out.
package enum DeviceHash {
    package static func phash(of devices: some Collection<JID>) -> String {
        var hash = SHA256()
        // Swift orders ASCII as bytes are ordered, which is all that names hold.
        for var name in devices.map(canonicalName).sorted() {
            name.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        }
        return "2:" + Data(hash.finalize().prefix(6)).base64EncodedString()
    }

    private static func canonicalName(_ jid: JID) -> String {
        let server = jid.server == .legacyUser ? JID.Server.user : jid.server
        return "\(jid.user).\(jid.agent):\(jid.device)@\(server.name)"
    }
}
