internal import Foundation
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

/// An event as it is kept until it has been heard: no more than it takes to tell it again.
enum EventRecord: Equatable {
    /// A message of the store, with what the store does not keep of it.
    case message(MessagePart)
    /// The events that a stanza tells of, one number each.
    case stanza([UInt8])
    case unreadable(UnreadableMessage)
    case identityChanged(JID)
    /// The limits of the account, as they are kept anyway.
    case restriction
    case appState(AppStatePart)
    /// The receipts of one stanza, one number each.
    case receipts([MessageReceipt])

    struct MessagePart: Equatable {
        var chat: String
        var sender: String
        var id: String
        var device: UInt16
        var senderAlternate: String?
        var isOffline: Bool
        var edit: Int?
        var serverID: Int?
    }

    struct AppStatePart: Equatable {
        var collection: AppStateCollection
        var isInitial: Bool
        var mutations: [AppStateMutation]
    }

    /// Longer ones are told while the process lives and not again.
    static let sizeLimit = 32 << 10
}

extension EventRecord {
    func encode(to writer: inout RecordWriter) {
        switch self {
        case .message(let part):
            writer.write(1)
            part.encode(to: &writer)
        case .stanza(let bytes):
            writer.write(2)
            writer.write(bytes)
        case .unreadable(let message):
            writer.write(3)
            writer.write(message.id)
            writer.write(message.chat.description)
            writer.write(message.sender.description)
            writer.write(UInt64(max(0, message.timestamp.timeIntervalSince1970)))
            writer.write(message.reason.rawValue)
        case .identityChanged(let jid):
            writer.write(4)
            writer.write(jid.description)
        case .restriction: writer.write(5)
        case .appState(let part):
            writer.write(6)
            part.encode(to: &writer)
        case .receipts(let receipts):
            writer.write(7)
            writer.write(UInt64(receipts.count))
            for receipt in receipts { receipt.encode(to: &writer) }
        }
    }

    init(_ reader: inout RecordReader) throws(RecordFormatError) {
        switch try reader.number() {
        case 1: self = .message(try MessagePart(&reader))
        case 2: self = .stanza(try reader.bytes())
        case 3:
            let id = try reader.text()
            guard let chat = JID(try reader.text()), let sender = JID(try reader.text()) else {
                throw RecordFormatError()
            }
            let time = Date(timeIntervalSince1970: TimeInterval(try reader.number()))
            guard let reason = UnreadableMessage.Reason(rawValue: try reader.text()) else { throw RecordFormatError() }
            self = .unreadable(
                UnreadableMessage(id: id, chat: chat, sender: sender, timestamp: time, reason: reason)
            )
        case 4:
            guard let jid = JID(try reader.text()) else { throw RecordFormatError() }
            self = .identityChanged(jid)
        case 5: self = .restriction
        case 6: self = .appState(try AppStatePart(&reader))
        case 7:
            var receipts: [MessageReceipt] = []
            for _ in 0..<min(try reader.number(), UInt64(EventJournal.entryLimit)) {
                receipts.append(try MessageReceipt(&reader))
            }
            self = .receipts(receipts)
        default: throw RecordFormatError()
        }
    }
}

extension EventRecord.MessagePart {
    fileprivate func encode(to writer: inout RecordWriter) {
        // Most messages come from the person whose chat it is.
        let isOwnChat = chat == sender
        var flags: UInt64 = isOwnChat ? 1 : 0
        if senderAlternate != nil { flags |= 2 }
        if isOffline { flags |= 4 }
        if edit != nil { flags |= 8 }
        if serverID != nil { flags |= 16 }
        writer.write(flags)
        writer.write(chat)
        if !isOwnChat { writer.write(sender) }
        writer.write(id)
        writer.write(UInt64(device))
        if let senderAlternate { writer.write(senderAlternate) }
        if let edit { writer.write(UInt64(clamping: edit)) }
        if let serverID { writer.write(UInt64(clamping: serverID)) }
    }

    fileprivate init(_ reader: inout RecordReader) throws(RecordFormatError) {
        let flags = try reader.number()
        chat = try reader.text()
        sender = flags & 1 != 0 ? chat : try reader.text()
        id = try reader.text()
        guard let device = UInt16(exactly: try reader.number()) else { throw RecordFormatError() }
        self.device = device
        senderAlternate = flags & 2 != 0 ? try reader.text() : nil
        isOffline = flags & 4 != 0
        edit = flags & 8 != 0 ? Int(clamping: try reader.number()) : nil
        serverID = flags & 16 != 0 ? Int(clamping: try reader.number()) : nil
    }
}

extension MessageReceipt {
    fileprivate func encode(to writer: inout RecordWriter) {
        let chat = chat.description
        // Most receipts come from the person whose chat it is.
        let by = by == self.chat ? nil : by.description
        writer.write((by == nil ? 1 : 0) | (isOwnDevice ? 2 : 0))
        writer.write(chat)
        if let by { writer.write(by) }
        writer.write(UInt64(status.rawValue))
        writer.write(UInt64(max(0, timestamp.timeIntervalSince1970)))
        writer.write(UInt64(ids.count))
        for id in ids { writer.write(id) }
    }

    fileprivate init(_ reader: inout RecordReader) throws(RecordFormatError) {
        let flags = try reader.number()
        guard let chat = JID(try reader.text()) else { throw RecordFormatError() }
        let by = flags & 1 != 0 ? chat : JID(try reader.text())
        guard let by, let number = Int16(exactly: try reader.number()), let status = MessageStatus(rawValue: number)
        else { throw RecordFormatError() }
        let timestamp = Date(timeIntervalSince1970: TimeInterval(try reader.number()))
        var ids: [String] = []
        for _ in 0..<min(try reader.number(), UInt64(EventJournal.entryLimit)) { ids.append(try reader.text()) }
        self.init(
            chat: chat,
            ids: ids,
            by: by,
            status: status,
            timestamp: timestamp,
            isOwnDevice: flags & 2 != 0
        )
    }
}

extension EventRecord.AppStatePart {
    fileprivate func encode(to writer: inout RecordWriter) {
        writer.write(collection.rawValue)
        writer.write(isInitial ? 1 : 0)
        writer.write(UInt64(mutations.count))
        for mutation in mutations {
            writer.write(UInt64(mutation.operation.rawValue))
            writer.write(UInt64(mutation.index.count))
            for part in mutation.index { writer.write(part) }
            // What was decoded can be encoded.
            writer.write((try? mutation.value.serializedBytes() as [UInt8]) ?? [])
            writer.write(UInt64(UInt32(bitPattern: mutation.version)))
        }
    }

    fileprivate init(_ reader: inout RecordReader) throws(RecordFormatError) {
        guard let collection = AppStateCollection(rawValue: try reader.text()) else { throw RecordFormatError() }
        self.collection = collection
        isInitial = try reader.number() == 1
        mutations = []
        for _ in 0..<min(try reader.number(), 10_000) {
            guard let number = UInt8(exactly: try reader.number()), let operation = AppStateOperation(rawValue: number)
            else { throw RecordFormatError() }
            var index: [String] = []
            for _ in 0..<min(try reader.number(), 64) { index.append(try reader.text()) }
            guard let value = try? WASyncActionValue(serializedBytes: try reader.bytes()),
                let version = UInt32(exactly: try reader.number())
            else { throw RecordFormatError() }
            mutations.append(
                AppStateMutation(operation, index: index, value: value, version: Int32(bitPattern: version))
            )
        }
    }
}
