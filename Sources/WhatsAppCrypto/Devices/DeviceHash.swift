internal import Crypto
internal import Foundation
package import WhatsAppWire

/// The short name of a set of devices (`phash`): changes when the set does.
///
/// `2:` and, in base64, the first six bytes of SHA-256 over the sorted names `user.0:device@server`, device 0 written out.
package enum DeviceHash {
    package static func phash(of devices: some Collection<JID>) -> String {
        // All names in one buffer: a group has some hundred, and each message to it names them.
        var names: [UInt8] = []
        names.reserveCapacity(devices.count * 32)
        var places: [Range<Int>] = []
        places.reserveCapacity(devices.count)
        for device in devices {
            let start = names.count
            write(device, to: &names)
            places.append(start..<names.count)
        }
        var hash = SHA256()
        names.withUnsafeBytes { names in
            places.sort { precedes(names[$0], names[$1]) }
            for place in places { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: names[place])) }
        }
        return "2:" + Data(hash.finalize().prefix(6)).base64EncodedString()
    }

    private static func precedes(_ one: Slice<UnsafeRawBufferPointer>, _ other: Slice<UnsafeRawBufferPointer>) -> Bool {
        let (one, other) = (UnsafeRawBufferPointer(rebasing: one), UnsafeRawBufferPointer(rebasing: other))
        guard let oneStart = one.baseAddress, let otherStart = other.baseAddress else { return one.count < other.count }
        let order = memcmp(oneStart, otherStart, min(one.count, other.count))
        return order == 0 ? one.count < other.count : order < 0
    }

    private static func write(_ jid: JID, to names: inout [UInt8]) {
        let server = jid.server == .legacyUser ? JID.Server.user : jid.server
        names.append(contentsOf: jid.user.utf8)
        names.append(UInt8(ascii: "."))
        write(UInt16(jid.agent), to: &names)
        names.append(UInt8(ascii: ":"))
        write(jid.device, to: &names)
        names.append(UInt8(ascii: "@"))
        names.append(contentsOf: server.name.utf8)
    }

    private static func write(_ number: UInt16, to names: inout [UInt8]) {
        if number < 10 {
            names.append(UInt8(ascii: "0") + UInt8(number))
        } else {
            names.append(contentsOf: String(number).utf8)
        }
    }
}
