import Foundation
import MediaTools
import WhatsApp
import WhatsAppCrypto
import WhatsAppWire

extension CommandContext {
    /// Changes how the bot behaves in this chat; holds from the next message on.
    @discardableResult
    func changeChat(_ body: (inout ChatSettings) throws -> Void) async throws -> ChatSettings {
        try await store.changeChat(chat.description, of: bot.id) { settings in
            try body(&settings)
            do throws(ConductError) {
                try settings.check(services.registry, own: customCommandNames)
            } catch {
                throw CommandRefusal(
                    Phrase(en: "This cannot be set: \(error.setting).", id: "Ini tidak bisa diatur: \(error.setting).")
                )
            }
        }
    }

    /// Somebody as the group knows them, with the phone number where it is known.
    func member(_ person: Person) async throws -> Person {
        guard isGroup, let member = try await group().member(person) else { return await person.known(to: session) }
        return await Person(member.jid, alternate: member.alternate ?? person.alternate).known(to: session)
    }

    /// A day in the bot's time zone.
    func day(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = conduct.timeZone
        formatter.dateFormat = "yyyy-MM-dd"
        return formatter.string(from: date)
    }

    /// The image that is sent or answered, as a profile's picture must be: a square JPEG.
    func profilePicture() async throws -> [UInt8] {
        let bytes = try await fileContent([.image, .sticker, .document], limit: 16 << 20)
        let tools = try mediaTools()
        do throws(ToolError) {
            return try await tools.profilePicture(from: bytes, for: toolKey)
        } catch {
            throw ToolWords.refusal(error)
        }
    }
}
