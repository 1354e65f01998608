/// Language of a bot's own texts.
package enum BotLanguage: String, Sendable, CaseIterable, Codable {
    case english = "en"
    case indonesian = "id"
}

/// What the pipeline itself says to people.
enum BotPhrase {
    case tooFast(seconds: Int)
    case coolingDown(seconds: Int)
    case disabled(String)
    case ownerOnly
    case botAdminOnly
    case groupAdminOnly
    case groupOnly
    case privateOnly
    case botMustBeAdmin
    case failed
    case tookTooLong
    case busy

    func text(_ language: BotLanguage) -> String {
        switch language {
        case .english: english
        case .indonesian: indonesian
        }
    }

    private var english: String {
        switch self {
        case .tooFast(let seconds): "Too many commands. Please wait \(seconds) s."
        case .coolingDown(let seconds): "This command can be used again in \(seconds) s."
        case .disabled(let name): "The command “\(name)” is switched off here."
        case .ownerOnly: "Only the bot's owner may use this command."
        case .botAdminOnly: "Only the bot's administrators may use this command."
        case .groupAdminOnly: "Only administrators of the group may use this command."
        case .groupOnly: "This command works in groups only."
        case .privateOnly: "This command works in private chats only."
        case .botMustBeAdmin: "I must be an administrator of the group for that."
        case .failed: "Something went wrong with this command. Please try again later."
        case .tookTooLong: "This took too long and was stopped."
        case .busy: "I have too much to do at the moment. Please try again in a minute."
        }
    }

    private var indonesian: String {
        switch self {
        case .tooFast(let seconds): "Terlalu banyak perintah. Tunggu \(seconds) detik."
        case .coolingDown(let seconds): "Perintah ini bisa dipakai lagi dalam \(seconds) detik."
        case .disabled(let name): "Perintah “\(name)” dimatikan di sini."
        case .ownerOnly: "Hanya pemilik bot yang boleh memakai perintah ini."
        case .botAdminOnly: "Hanya admin bot yang boleh memakai perintah ini."
        case .groupAdminOnly: "Hanya admin grup yang boleh memakai perintah ini."
        case .groupOnly: "Perintah ini hanya untuk grup."
        case .privateOnly: "Perintah ini hanya untuk chat pribadi."
        case .botMustBeAdmin: "Saya harus menjadi admin grup untuk itu."
        case .failed: "Ada yang salah dengan perintah ini. Coba lagi nanti."
        case .tookTooLong: "Ini terlalu lama dan dihentikan."
        case .busy: "Saya sedang terlalu sibuk. Coba lagi sebentar lagi."
        }
    }
}
