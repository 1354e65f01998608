extension SignalSession {
    private static let recordVersion: UInt8 = 1

    /// Reads what `serialized()` gave.
    package init(serialized: some Collection<UInt8>) throws(SignalError) {
        var reader = try RecordReader(serialized, version: Self.recordVersion)
        let currentCount = try reader.count(atMost: 1)
        let archivedCount = try reader.count(atMost: Self.archiveLimit)
        if currentCount == 1 { current = try SessionState(from: &reader) }
        for _ in 0..<archivedCount { archived.append(try SessionState(from: &reader)) }
        try reader.finish()
    }

    /// The record in a form of our own; half a kilobyte for an established session.
    package func serialized() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64 + 600 * ((current == nil ? 0 : 1) + archived.count))
        bytes.append(Self.recordVersion)
        bytes.appendVarint(current == nil ? 0 : 1)
        bytes.appendVarint(UInt64(archived.count))
        current?.append(to: &bytes)
        for state in archived { state.append(to: &bytes) }
        return bytes
    }
}

extension SessionState {
    private enum Pending {
        static let none: UInt8 = 0
        static let withoutPreKey: UInt8 = 1
        static let withPreKey: UInt8 = 2
    }

    fileprivate init(from reader: inout RecordReader) throws(SignalError) {
        remoteIdentity = try reader.key()
        remoteRegistrationID = try reader.number()
        baseKey = try reader.key()
        rootKey = try reader.key()
        ratchet = RatchetKeyPair(privateKey: try reader.key(), publicKey: try reader.key())
        sending = ChainKey(key: try reader.key(), index: try reader.number())
        previousCounter = try reader.number()
        switch try reader.byte() {
        case Pending.none: pending = nil
        case Pending.withoutPreKey: pending = PendingPreKey(preKeyID: nil, signedPreKeyID: try reader.number())
        case Pending.withPreKey:
            pending = PendingPreKey(preKeyID: try reader.number(), signedPreKeyID: try reader.number())
        default: throw .corruptRecord
        }
        receiving = []
        for _ in 0..<(try reader.count(atMost: Self.receivingLimit)) {
            receiving.append(Receiving(ratchetKey: try reader.key(), keys: try reader.receivingChain()))
        }
    }

    fileprivate func append(to bytes: inout [UInt8]) {
        bytes.append(remoteIdentity)
        bytes.appendVarint(UInt64(remoteRegistrationID))
        bytes.append(baseKey)
        bytes.append(rootKey)
        bytes.append(ratchet.privateKey)
        bytes.append(ratchet.publicKey)
        bytes.append(sending.key)
        bytes.appendVarint(UInt64(sending.index))
        bytes.appendVarint(UInt64(previousCounter))
        switch pending {
        case nil: bytes.append(Pending.none)
        case .some(let pending):
            bytes.append(pending.preKeyID == nil ? Pending.withoutPreKey : Pending.withPreKey)
            if let id = pending.preKeyID { bytes.appendVarint(UInt64(id)) }
            bytes.appendVarint(UInt64(pending.signedPreKeyID))
        }
        bytes.appendVarint(UInt64(receiving.count))
        for chain in receiving {
            bytes.append(chain.ratchetKey)
            bytes.append(chain.keys)
        }
    }
}
