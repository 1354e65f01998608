internal import Compression
package import Foundation
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
package import WhatsAppWire

extension Session {
    /// What the names of unfinished pieces start with, before the time of their arrival and their identifier.
    private static let unfinishedPrefix = "history|"

    /// Begins to take a piece of the phone's history.
    ///
    /// What is to be done is durable before the message is acknowledged: the piece is taken after the next login where
    /// it cannot be taken now.
    func receiveHistory(_ notification: WAHistorySyncNotification, messageID: String) {
        let name = Self.unfinishedPrefix + String(now.milliseconds) + "|" + messageID
        if let bytes: [UInt8] = try? notification.serializedBytes(), name.utf8.count <= 512 {
            outbox.staged.put(.setting, name, bytes)
        }
        // Downloads take long; messages must not wait for them.
        Task { await self.handleHistory(notification, messageID: messageID, name: name) }
    }

    /// Takes the pieces that an earlier run has not finished, in the order of their arrival.
    func resumeHistory() async {
        guard let unfinished = try? await store.list(.setting, prefix: Self.unfinishedPrefix, after: nil, limit: 1000)
        else { return }
        for (name, bytes) in unfinished where !history.isKnown(name) {
            let id = name.dropFirst(Self.unfinishedPrefix.count).drop { $0 != "|" }.dropFirst()
            guard let notification = try? WAHistorySyncNotification(serializedBytes: bytes) else {
                outbox.staged.delete(.setting, name)
                flushSoon()
                continue
            }
            await handleHistory(notification, messageID: String(id), name: name)
        }
    }

    /// Takes a piece into the store, and tells how far it is.
    ///
    /// The phone is told that it has come, unless it may be had later: it would offer it again and again. What is repeated
    /// changes nothing. One piece at a time, in the order of their arrival.
    private func handleHistory(_ notification: WAHistorySyncNotification, messageID: String, name: String) async {
        history.begin(name)
        if notification.syncType == .onDemand { history.questions.answered() }
        if !history.enter() { await withCheckedContinuation { history.wait($0) } }
        defer { history.leave() }
        let number = connection.number
        var progress = HistoryProgress(
            kind: HistoryProgress.Kind(notification.syncType),
            progress: notification.hasProgress ? Int(clamping: notification.progress) : nil
        )
        do {
            try await take(notification, messageID: messageID, into: &progress)
            progress.isComplete = true
            if notification.syncType == .initialBootstrap, credentials.accountSyncCounter == 0 {
                credentials.accountSyncCounter = 1
                keepCredentials()
            }
        } catch {
            // The error may name a path or hold what came; its kind is enough.
            note(.warning, "A piece of the phone's history could not be taken: \(type(of: error)).")
            guard Self.isFinal(error) else {
                history.giveBack(name)
                return emit(.history(progress))
            }
        }
        outbox.staged.delete(.setting, name)
        flushSoon()
        emit(.history(progress))
        confirmHistory(messageID, connection: number)
        guard progress.isComplete, notification.initialHistBootstrapInlinePayload.isEmpty else { return }
        // Nothing here needs it any more; the next piece does not wait for a media server.
        Task { await self.removeFromServers(notification) }
    }

    /// Deletes a piece that is stored; where it cannot be, the service does so in time.
    private func removeFromServers(_ notification: WAHistorySyncNotification) async {
        guard await durable() else { return }
        let handle = notification.encHandle.isEmpty ? nil : notification.encHandle
        try? await deleteHistory(
            MediaReference(history: notification),
            handle: handle,
            secret: history.metaNonce
        )
    }

    /// Whether trying again after the next login would end in the same way.
    private static func isFinal(_ error: any Error) -> Bool {
        switch error {
        case let error as MediaError:
            switch error {
            case .invalidReference, .tooLarge, .gone, .refused, .corrupt: true
            case .noHosts, .unavailable, .network, .malformedAnswer, .file, .overloaded, .cancelled: false
            }
        case is HistoryError, is CompressionError: true
        default: false
        }
    }

    private func take(
        _ notification: WAHistorySyncNotification,
        messageID: String,
        into progress: inout HistoryProgress
    ) async throws {
        guard let own = credentials.account, notification.syncType != .noHistory,
            notification.syncType != .messageAccessStatus
        else { return }
        let translator = HistoryTranslator(
            own: own.jid.withoutDevice,
            ownLID: own.lid?.withoutDevice,
            takesChatSettings: notification.syncType == .initialBootstrap
        )
        let inline = notification.initialHistBootstrapInlinePayload
        guard inline.isEmpty else {
            let reader = try HistoryReader(.bytes([UInt8](inline)), translator: translator)
            return try await read(reader, into: &progress)
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try await downloadHistory(notification, messageID: messageID, to: file)
        try await read(try HistoryReader(.file(file), translator: translator), into: &progress)
    }

    private func read(_ reader: HistoryReader, into progress: inout HistoryProgress) async throws {
        var nonce: String?
        while let piece = try await reader.next() {
            nonce = piece.metaNonce ?? nonce
            try await keep(piece)
            progress.messages += piece.messages.count
            progress.chats += piece.chats.count
        }
        if let nonce { history.metaNonce = nonce }
    }

    /// Makes a piece durable.
    private func keep(_ piece: HistoryPiece) async throws {
        for mapping in piece.mappings { learn(lid: mapping.lid, phone: mapping.phone) }
        try await take(piece.tokens)
        if piece.isLIDMigrated { markMigrated() }
        for secret in piece.secrets {
            keepSecret(secret.secret, chat: secret.chat, author: secret.author, id: secret.id)
        }
        for timer in piece.timers { keep(ChatTimer(seconds: timer.seconds, setAt: timer.setAt), of: timer.chat) }
        var batch = StoreBatch()
        batch.messages = piece.messages
        batch.contacts = piece.contacts
        batch.chats = piece.chats
        batch.marks = piece.marks
        if let salt = piece.contactTokenSalt { batch.put(.setting, StoreBatch.contactTokenSaltName, salt) }
        stage(batch)
        guard await durable() else { throw RequestError.store(.unavailable) }
    }

    /// Keeps the newer of two tokens, and the newer time of the account's own.
    private func take(_ tokens: [HistoryPiece.Token]) async throws {
        guard !tokens.isEmpty else { return }
        try await load(tokens.map { RecordKey(.privacyToken, $0.user.description) })
        for token in tokens {
            let name = token.user.description
            var known = hot.tokens[name] ?? PrivacyToken()
            let before = known
            if !token.token.isEmpty, token.timestamp >= known.timestamp {
                known.token = token.token
                known.timestamp = token.timestamp
            }
            known.issuedAt = max(known.issuedAt, token.issuedAt)
            if known != before { hot.tokens.set(name, known, commit: outbox.number) }
        }
    }

    /// `<receipt id to=OWN type="hist_sync"/>`.
    private func confirmHistory(_ messageID: String, connection number: Int) {
        guard connection.number == number, let own = credentials.account else { return }
        let receipt = BinaryNode(
            "receipt",
            ["id": .text(messageID), "to": .jid(own.jid.withoutDevice), "type": "hist_sync"]
        )
        // Not connected: the phone offers it again, and nothing changes by taking it twice.
        try? sendStanza(receipt)
    }

    /// Asks the phone for messages of a chat before the oldest that is known; the request's identifier.
    ///
    /// They come as a piece of history of the kind `onDemand`, or not at all. `tooSoon` for a chat that was asked for within
    /// the last minute, and while many others are asked for.
    @discardableResult
    package func requestHistory(
        chat: JID,
        before oldest: (id: String, isFromMe: Bool, timestamp: Date),
        count: Int = 50
    ) async throws(SendError) -> String {
        guard connection.isActive else { throw .notConnected }
        // Either name of a person is the same chat.
        let name = namesAtHand(of: chat).min { $0.description < $1.description } ?? chat
        if let wait = history.questions.wait(for: name, at: now) {
            throw .tooSoon(wait: .seconds(max(1, Int(wait.rounded(.up)))))
        }
        var operation = WAPeerDataOperationRequestMessage()
        operation.peerDataOperationRequestType = .historySyncOnDemand
        operation.historySyncOnDemandRequest.chatJid = chat.bareText
        operation.historySyncOnDemandRequest.oldestMsgID = oldest.id
        operation.historySyncOnDemandRequest.oldestMsgFromMe = oldest.isFromMe
        operation.historySyncOnDemandRequest.oldestMsgTimestampMs = oldest.timestamp.milliseconds
        operation.historySyncOnDemandRequest.onDemandMsgCount = Int32(clamping: min(max(count, 1), 500))
        if let lid = credentials.account?.lid {
            operation.historySyncOnDemandRequest.accountLid = lid.bareText
        }
        var message = WAMessage()
        message.protocolMessage.type = .peerDataOperationRequestMessage
        message.protocolMessage.peerDataOperationRequestMessage = operation
        do throws(SendError) {
            return try await sendPeerMessage(message, isUrgent: true)
        } catch {
            history.questions.withdraw(name)
            throw error
        }
    }
}

extension HistoryProgress.Kind {
    init(_ type: WAHistorySyncType) {
        self =
            switch type {
            case .initialBootstrap: .initial
            case .initialStatusV3: .status
            case .full: .full
            case .recent: .recent
            case .pushName: .pushNames
            case .nonBlockingData: .other
            case .onDemand: .onDemand
            case .noHistory, .messageAccessStatus: .none
            }
    }
}
