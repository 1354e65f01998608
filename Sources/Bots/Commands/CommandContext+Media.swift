package import Foundation
package import WhatsApp
package import WhatsAppCrypto
import WhatsAppProtobufs

/// A file that came with a message, in a command's folder.
package struct FetchedMedia: Sendable {
    package let file: URL
    package let kind: MediaKind
    package let mimeType: String
    package let length: UInt64
    /// What the message says of it; nothing of it is checked.
    package let media: ReceivedMedia?
    package let isViewOnce: Bool
}

extension CommandContext {
    /// Downloads the file of the message, or else of the one that it quotes.
    ///
    /// Refuses, with the usage, where there is none of these kinds, or where it is longer than `limit` bytes.
    package func attachedOrQuoted(_ kinds: Set<MediaKind>, limit: UInt64) async throws -> FetchedMedia {
        for message in [message.message, quote?.message].compactMap({ $0 }) {
            guard let reference = MediaReference(message: message), kinds.contains(reference.kind) else { continue }
            return try await download(reference, of: message, limit: limit)
        }
        throw refusal(
            Phrase(en: "Send or answer \(Self.words(kinds)).", id: "Kirim atau balas \(Self.words(kinds)).")
        )
    }

    /// Whether there is such a file, without fetching it.
    package func hasMedia(_ kinds: Set<MediaKind>) -> Bool {
        [message.message, quote?.message].compactMap { $0 }.contains { message in
            MediaReference(message: message).map { kinds.contains($0.kind) } == true
        }
    }

    private func download(_ reference: MediaReference, of message: WAMessage, limit: UInt64) async throws
        -> FetchedMedia
    {
        if let length = reference.length, length > limit { throw Self.tooLarge(limit) }
        // As long as it says it is, and no longer; who says nothing takes the room of the longest.
        let said = reference.length.flatMap { $0 > 0 ? $0 : nil } ?? limit
        try await scratch.reserve(said)
        let content = MessageContent(message)
        var media: ReceivedMedia?
        if case .media(let received) = content.body { media = received }
        let file = try scratch.file("bin")
        let length: UInt64
        do throws(MediaError) {
            length = try await session.download(reference, to: file, limit: said)
        } catch {
            switch error {
            case .tooLarge: throw Self.tooLarge(limit)
            // A quote may name anything.
            case .gone, .invalidReference, .corrupt:
                throw CommandRefusal(
                    Phrase(en: "This file cannot be fetched any more.", id: "Berkas ini tidak bisa diambil lagi.")
                )
            default: throw error
            }
        }
        return FetchedMedia(
            file: file,
            kind: reference.kind,
            mimeType: media?.mimeType ?? "application/octet-stream",
            length: length,
            media: media,
            isViewOnce: content.isViewOnce
        )
    }

    private static func tooLarge(_ limit: UInt64) -> CommandRefusal {
        CommandRefusal(
            Phrase(
                en: "This file is too large: at most \(limit / 1_048_576) MiB.",
                id: "Berkas ini terlalu besar: paling besar \(limit / 1_048_576) MiB."
            )
        )
    }

    private static func words(_ kinds: Set<MediaKind>) -> Phrase {
        var words: [Phrase] = []
        if kinds.contains(.image) { words.append(Phrase(en: "an image", id: "gambar")) }
        if !kinds.isDisjoint(with: [.video, .gif, .videoNote]) { words.append(Phrase(en: "a video", id: "video")) }
        if kinds.contains(.sticker) { words.append(Phrase(en: "a sticker", id: "stiker")) }
        if !kinds.isDisjoint(with: [.audio, .voiceNote]) {
            words.append(Phrase(en: "an audio message", id: "pesan audio"))
        }
        if kinds.contains(.document) { words.append(Phrase(en: "a document", id: "dokumen")) }
        guard let last = words.popLast() else { return Phrase(en: "a file", id: "berkas") }
        guard !words.isEmpty else { return last }
        let others = words.joined(separator: ", ")
        return Phrase(en: "\(others) or \(last)", id: "\(others) atau \(last)")
    }
}
