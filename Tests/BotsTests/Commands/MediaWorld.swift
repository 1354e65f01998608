import Foundation
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppSandbox

@testable import Bots

extension BotWorld {
    /// What a phone has received, decrypted.
    func file(of message: PhoneMessageView) async throws -> [UInt8] {
        guard let reference = MediaReference(message: message.decoded) else { throw MissingFile(text: message.text) }
        return try await session().download(reference, limit: 16 << 20)
    }

    struct MissingFile: Error {
        var text: String?
    }
}

extension TestPhone {
    /// Sends a file with a command below it, and waits for the answer.
    func sends(
        _ bytes: [UInt8],
        as kind: MediaKind,
        _ type: String,
        _ caption: String,
        to chat: String
    ) async throws -> PhoneMessageView {
        let media = PhoneMedia(kind: kind, bytes: bytes, type: type, caption: caption)
        return try await answer(to: does(.media(media), in: chat))
    }

    /// Sends a file, then a command that answers it, and waits for the answer.
    func sends(
        _ bytes: [UInt8],
        as kind: MediaKind,
        _ type: String,
        then command: String,
        to chat: String
    ) async throws -> PhoneMessageView {
        let id = try await does(.media(PhoneMedia(kind: kind, bytes: bytes, type: type)), in: chat)
        return try await asks(command, in: chat, quoting: id)
    }
}
