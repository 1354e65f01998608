internal import SignalProtocol

/// The own sender key of a group, and which devices have it.
struct SharedSenderKey {
    var key: OwnSenderKey
    /// Signal address names.
    var devices: Set<String>
    /// Up to which loss (`SendingState.losses`) devices have been taken out; not kept.
    var lossesSeen: UInt64 = 0

    init(key: OwnSenderKey) {
        self.key = key
        devices = []
    }

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
