import Foundation
import WhatsApp
import WhatsAppCrypto
import WhatsAppWire

extension CommandContext {
    /// Changes how the bot behaves in this chat; holds from the next message on.
    @discardableResult
    func changeChat(_ body: (inout ChatSettings) throws -> Void) async throws -> ChatSettings {
        try await store.changeChat(chat.description, of: bot.id, body)
    }

    /// Somebody as the group knows them, with phone number where it is told.
    func member(_ person: Person) async throws -> Person {
        if isGroup, let member = try await group().member(person) {
            return Person(member.jid, alternate: member.alternate)
        }
        return person
    }

    /// A day in the bot's time zone.
    func day(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = conduct.timeZone
        formatter.dateFormat = "yyyy-MM-dd"
        return formatter.string(from: date)
    }

    /// The image that is sent or answered, as a profile's picture must be.
    func profilePicture() async throws -> [UInt8] {
        let image = try await attachedOrQuoted([.image], limit: UInt64(Session.pictureLimit))
        let bytes = [UInt8](try Data(contentsOf: image.file))
        guard bytes.starts(with: [0xff, 0xd8]) else {
            throw CommandRefusal(Phrase(en: "The picture must be a JPEG.", id: "Gambarnya harus JPEG."))
        }
        return bytes
    }
}
