import Compression
import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// In one blob.
    private static let messagesPerChunk = 5_000
    /// A smaller blob goes inside its message.
    private static let inlineLimit = 8_192

    /// First chats, push names, then what is recent.
    mutating func sendFirstHistory(of number: String, to device: UInt16) {
        guard let phone = phones[number] else { return }
        let chats = conversations(of: phone)

        var first = WAHistorySync()
        first.syncType = .initialBootstrap
        first.conversations = chats.prefix(20)
            .map { chat in
                var short = chat
                short.messages = Array(chat.messages.prefix(5))
                return short
            }
        first.phoneNumberToLidMappings = chats.filter { $0.hasLidJid && $0.hasPnJid }
            .map { chat in
                var mapping = WAPhoneNumberToLIDMapping()
                mapping.pnJid = chat.pnJid
                mapping.lidJid = chat.lidJid
                return mapping
            }
        if phone.account.isLIDMigrated { first.globalSettings.chatDbLidMigrationTimestamp = 1 }
        send(first, order: 1, progress: 0, of: number, to: device)

        var names = WAHistorySync()
        names.syncType = .pushName
        names.pushnames = chats.compactMap { chat in
            guard chat.hasPnJid, let known = JID(chat.pnJid), let other = phones[known.user] else { return nil }
            var name = WAPushname()
            name.id = chat.id
            name.pushname = other.name
            return name
        }
        send(names, order: 1, progress: 100, of: number, to: device)
        sendHistory(chats, .recent, of: number, to: device)
    }

    /// Conversations in chunks; the last has progress 100.
    mutating func sendHistory(
        _ chats: [WAConversation],
        _ type: WAHistorySync.HistorySyncType,
        of number: String,
        to device: UInt16
    ) {
        var chunks: [[WAConversation]] = [[]]
        var count = 0
        for chat in chats {
            var rest = chat.messages[...]
            repeat {
                let room = Self.messagesPerChunk - count
                var part = chat
                part.messages = Array(rest.prefix(room))
                rest = rest.dropFirst(room)
                chunks[chunks.count - 1].append(part)
                count += part.messages.count
                if count >= Self.messagesPerChunk {
                    chunks.append([])
                    count = 0
                }
            } while !rest.isEmpty
        }
        if chunks.count > 1, chunks.last?.isEmpty == true { chunks.removeLast() }
        for (index, chunk) in chunks.enumerated() {
            var sync = WAHistorySync()
            sync.syncType = type
            sync.conversations = chunk
            send(sync, order: index + 1, progress: (index + 1) * 100 / chunks.count, of: number, to: device)
        }
    }

    /// A companion asks for older messages of a chat.
    mutating func answerHistory(
        _ request: WAPeerDataOperationRequestMessage.HistorySyncOnDemandRequest,
        of number: String,
        to device: UInt16
    ) {
        guard let phone = phones[number],
            var chat = conversations(of: phone).first(where: { $0.id == request.chatJid || $0.pnJid == request.chatJid }
            )
        else { return }
        let start = chat.messages.firstIndex { $0.message.key.id == request.oldestMsgID }.map { $0 + 1 } ?? 0
        let count = max(0, min(Int(request.onDemandMsgCount), 500))
        chat.messages = Array(chat.messages.dropFirst(start).prefix(count))
        sendHistory([chat], .onDemand, of: number, to: device)
    }

    // MARK: Chats

    /// The phone's chats, newest message first: those that were written and those that are made up.
    private func conversations(of phone: Phone) -> [WAConversation] {
        var chats: [String: WAConversation] = [:]
        var order: [String] = []
        for entry in phone.log.all.reversed() {
            let id = wireName(entry.chat, for: phone).description
            if chats[id] == nil {
                order.append(id)
                var chat = WAConversation()
                chat.id = id
                chat.conversationTimestamp = UInt64(max(0, entry.time.timeIntervalSince1970))
                if let other = self.phone(of: entry.chat) {
                    chat.pnJid = other.jid.description
                    chat.lidJid = other.lid.description
                }
                chats[id] = chat
            }
            var message = WAHistorySyncMsg()
            message.message = webMessage(entry, of: phone)
            chats[id]?.messages.append(message)
        }
        var all = order.compactMap { chats[$0] }
        if let made = phone.generatedHistory {
            let isByLID = phone.account.isLIDMigrated
            all += (0..<made.chats).map { made.conversation($0, before: now, isByLID: isByLID) }
        }
        return all
    }

    // MARK: Sending

    private mutating func send(_ sync: WAHistorySync, order: Int, progress: Int, of number: String, to device: UInt16) {
        var sync = sync
        sync.chunkOrder = UInt32(clamping: order)
        sync.progress = UInt32(clamping: progress)
        guard let bytes: [UInt8] = try? sync.serializedBytes(),
            let packed = try? Compression.deflate(bytes, format: .zlib, level: 1),
            let notification = notification(of: sync, packed)
        else { return }
        var message = WAMessage()
        message.protocolMessage.type = .historySyncNotification
        message.protocolMessage.historySyncNotification = notification
        _ = try? sendPeerMessage(message, from: number, toDevice: device)
    }

    private mutating func notification(of sync: WAHistorySync, _ packed: [UInt8]) -> WAHistorySyncNotification? {
        var notification = WAHistorySyncNotification()
        notification.syncType = WAHistorySyncType(rawValue: sync.syncType.rawValue) ?? .recent
        notification.chunkOrder = sync.chunkOrder
        notification.progress = sync.progress
        if packed.count <= Self.inlineLimit {
            notification.initialHistBootstrapInlinePayload = Data(packed)
            return notification
        }
        let mediaKey = randomBytes(32, using: &random)
        guard let keys = try? MediaKeys(mediaKey: mediaKey, kind: .history),
            let (file, digest) = try? MediaEncryptor.encrypt(packed, keys: keys, withSidecar: false)
        else { return nil }
        notification.mediaKey = Data(mediaKey)
        notification.directPath = storeBlob(file)
        notification.fileLength = digest.length
        notification.fileSha256 = Data(digest.hash)
        notification.fileEncSha256 = Data(digest.encryptedHash)
        return notification
    }
}
