internal import SignalProtocol
internal import WhatsAppWire

/// The own sender key of a group, and which devices have it.
struct SharedSenderKey {
    var key: OwnSenderKey
    /// Signal address names of those that the service has taken the key for.
    var devices: Set<String>
    /// Those for whom the key is on its way in a message that the service has not taken yet; not kept, so that after a crash
    /// they get it again.
    var offered: Set<String> = []
    /// Up to which loss (`SendingState.losses`) devices have been taken out; not kept.
    var lossesSeen: UInt64 = 0

    init(key: OwnSenderKey) {
        self.key = key
        devices = []
    }

    func reaches(_ device: String) -> Bool { devices.contains(device) || offered.contains(device) }

    init(encoded bytes: [UInt8]) throws {
        var reader = RecordReader(bytes)
        key = try OwnSenderKey(serialized: try reader.bytes())
        devices = []
        while !reader.isAtEnd { devices.insert(try reader.text()) }
    }

    func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.write(key.serialized())
        for device in devices { writer.write(device) }
        return writer.bytes
    }
}

/// Who gets the own sender key of a group along with a message.
struct SenderKeyHandout: Sendable {
    var group: JID
    var keyID: UInt32
    /// Signal address names.
    var devices: [String]
    /// Who has lost the key later than this (`SendingState.lossCount`) does not have it.
    var lossCount: UInt64
}
