internal import Foundation
internal import NIOCore
internal import SignalProtocol
internal import WhatsAppCrypto
internal import WhatsAppWire

/// Requests to the own phone that wait for its answer, by message.
struct MediaRetries {
    static let limit = 32

    struct Waiting {
        let mediaKey: [UInt8]
        let deadline: Scheduled<Void>
        /// Everybody who asked for the same file.
        var callers: [CheckedContinuation<MediaRetryResult, Never>]
    }

    var waiting: [String: Waiting] = [:]
}

extension Session {
    /// How long the phone may take; it may be asleep.
    private static let mediaRetryTimeout = TimeAmount.seconds(60)

    /// Asks the own phone to upload a file again that the servers have lost.
    ///
    /// `failed` where nobody answers in time, nothing can be sent, or too many requests wait already.
    package func requestMediaRetry(of mediaKey: [UInt8], from origin: MediaOrigin) async -> MediaRetryResult {
        guard mediaRetries.waiting[origin.messageID] == nil else {
            return await withCheckedContinuation { continuation in
                mediaRetries.waiting[origin.messageID]?.callers.append(continuation)
            }
        }
        let vector = randomBytes(12, using: &random)
        guard
            mediaRetries.waiting.count < MediaRetries.limit, let own = credentials.account,
            let cipher = try? MediaRetryCipher(mediaKey: mediaKey, messageID: origin.messageID),
            let sealed = try? cipher.request(initializationVector: vector),
            (try? sendStanza(MediaRetryStanza.request(sealed, origin: origin, own: own.jid))) != nil
        else { return .failed }
        let id = origin.messageID
        return await withCheckedContinuation { continuation in
            let deadline: Scheduled<Void> = loop.scheduleTask(in: Self.mediaRetryTimeout) { [weak self] in
                if let self { self.assumeIsolated { $0.resolveMediaRetry(id, .failed) } }
            }
            mediaRetries.waiting[id] = MediaRetries.Waiting(
                mediaKey: mediaKey,
                deadline: deadline,
                callers: [continuation]
            )
        }
    }

    /// `<notification type="mediaretry" id=MESSAGE><encrypt/><rmr/></notification>`, or an error in place of `encrypt`.
    func handleMediaRetry(_ node: BinaryNode) {
        guard let id = node.attributes.text("id"), let waiting = mediaRetries.waiting[id] else { return }
        resolveMediaRetry(id, MediaRetryStanza.result(node, mediaKey: waiting.mediaKey, messageID: id))
    }

    private func resolveMediaRetry(_ id: String, _ result: MediaRetryResult) {
        guard let waiting = mediaRetries.waiting.removeValue(forKey: id) else { return }
        waiting.deadline.cancel()
        for caller in waiting.callers { caller.resume(returning: result) }
    }

    /// The session ends; nobody will answer.
    func failMediaRetries() {
        for id in Array(mediaRetries.waiting.keys) { resolveMediaRetry(id, .failed) }
    }
}
