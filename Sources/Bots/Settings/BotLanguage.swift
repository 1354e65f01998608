/// Language of a bot's own texts.
package enum BotLanguage: String, Sendable, CaseIterable, Codable {
    case english = "en"
    case indonesian = "id"
}

/// What the pipeline itself says to people.
extension Phrase {
    static func tooFast(seconds: Int) -> Phrase {
        Phrase(
            en: "Too many commands. Please wait \(seconds) s.",
            id: "Terlalu banyak perintah. Tunggu \(seconds) detik."
        )
    }

    static func coolingDown(seconds: Int) -> Phrase {
        Phrase(
            en: "This command can be used again in \(seconds) s.",
            id: "Perintah ini bisa dipakai lagi dalam \(seconds) detik."
        )
    }

    static func disabled(_ name: String) -> Phrase {
        Phrase(en: "The command “\(name)” is switched off here.", id: "Perintah “\(name)” dimatikan di sini.")
    }

    package static let ownerOnly = Phrase(
        en: "Only the bot's owner may use this command.",
        id: "Hanya pemilik bot yang boleh memakai perintah ini."
    )
    package static let botAdminOnly = Phrase(
        en: "Only the bot's administrators may use this command.",
        id: "Hanya admin bot yang boleh memakai perintah ini."
    )
    package static let groupAdminOnly = Phrase(
        en: "Only administrators of the group may use this command.",
        id: "Hanya admin grup yang boleh memakai perintah ini."
    )
    package static let groupOnly = Phrase(
        en: "This command works in groups only.",
        id: "Perintah ini hanya untuk grup."
    )
    package static let privateOnly = Phrase(
        en: "This command works in private chats only.",
        id: "Perintah ini hanya untuk chat pribadi."
    )
    package static let botMustBeAdmin = Phrase(
        en: "I must be an administrator of the group for that.",
        id: "Saya harus menjadi admin grup untuk itu."
    )
    package static let failed = Phrase(
        en: "Something went wrong with this command. Please try again later.",
        id: "Ada yang salah dengan perintah ini. Coba lagi nanti."
    )
    package static let tookTooLong = Phrase(
        en: "This took too long and was stopped.",
        id: "Ini terlalu lama dan dihentikan."
    )
    static let stillBusy = Phrase(
        en: "I am still at what you asked for before. Please wait until it is done.",
        id: "Saya masih mengerjakan permintaanmu sebelumnya. Tunggu sampai selesai."
    )
    package static let busy = Phrase(
        en: "I have too much to do at the moment. Please try again in a minute.",
        id: "Saya sedang terlalu sibuk. Coba lagi sebentar lagi."
    )
}
