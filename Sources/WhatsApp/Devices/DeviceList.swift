internal import Foundation
internal import WhatsAppWire

/// The devices of one user, as last heard.
struct DeviceList: Equatable {
    /// Device numbers; the phone's 0 is always among them.
    var devices: [UInt16] = [0]
    /// Devices that Meta hosts for the user.
    var hosted: Set<UInt16> = []
    /// The service's hash of the list; empty where it named none.
    var hash = ""
    /// When the phone signed its list, seconds since 1970; 0 where it has not.
    var signedAt: UInt64 = 0
    /// When we asked, seconds since 1970.
    var fetchedAt: UInt64 = 0

    /// More devices than an account can have are not believed.
    static let limit = 64

    init() {}

    init(encoded bytes: [UInt8]) throws(RecordFormatError) {
        var reader = RecordReader(bytes)
        hash = try reader.text()
        signedAt = try reader.number()
        fetchedAt = try reader.number()
        devices = []
        while !reader.isAtEnd {
            let number = try reader.number()
            guard let device = UInt16(exactly: number >> 1), devices.count < Self.limit else {
                throw RecordFormatError()
            }
            devices.append(device)
            if number & 1 == 1 { hosted.insert(device) }
        }
    }

    func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.write(hash)
        writer.write(signedAt)
        writer.write(fetchedAt)
        for device in devices { writer.write(UInt64(device) << 1 | (hosted.contains(device) ? 1 : 0)) }
        return writer.bytes
    }

    /// The devices' JIDs in the namespace of `user`.
    func jids(of user: JID) -> [JID] {
        devices.map { device in
            var jid = user.with(device: device)
            if hosted.contains(device) { jid.server = user.server == .lid ? .hostedLID : .hosted }
            return jid
        }
    }

    func isFresh(at now: Date, hours: Int) -> Bool {
        let age = now.timeIntervalSince1970 - TimeInterval(fetchedAt)
        return age >= 0 && age < TimeInterval(hours) * 3600
    }
}
