internal import Fleet
internal import Foundation
internal import WhatsApp

/// What somebody pastes instead of a session ID: the short id of a try of this server's generator, or the address of its page.
///
/// It is good for as long as the generator keeps the session ID, which is minutes, and until it is wiped.
struct ShortSessionID: Sendable {
    let attempt: AttemptID

    /// Nil for everything else, above all for session IDs themselves.
    init?(_ text: String) {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.utf8.count <= 300, let last = text.split(separator: "/").last,
            text == last || text.hasPrefix("http://") || text.hasPrefix("https://") || text.hasPrefix("/generate/"),
            let attempt = AttemptID(String(last))
        else { return nil }
        self.attempt = attempt
    }
}

/// Turns short ids into what they stand for.
struct SessionIDDesk: Sendable {
    let generator: SessionGenerator

    /// The session ID that the text is, or stands for.
    ///
    /// Throws a `GeneratorError` for a short id whose try is over, or has not come to an end.
    func sessionID(_ text: String) async throws -> String {
        guard let short = ShortSessionID(text) else { return text }
        guard let session = try await generator.snapshot(of: short.attempt).session else {
            throw GeneratorError.unknownAttempt
        }
        return session.reveal()
    }

    /// Wipes what a short id stood for, once it is somewhere safe; the bot has it now.
    func redeemed(_ text: String?) async {
        guard let short = text.flatMap(ShortSessionID.init) else { return }
        // One that is gone already is as wished.
        try? await generator.delete(short.attempt)
    }
}
