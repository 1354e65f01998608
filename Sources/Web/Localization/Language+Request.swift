internal import Accounts
internal import Bots
internal import Hummingbird

extension BotLanguage {
    /// That of a page, in which texts of bots are shown.
    init(_ language: Language) {
        switch language {
        case .english: self = .english
        case .indonesian: self = .indonesian
        }
    }
}

extension Language {
    static let cookie = "language"

    /// What the browser chose here before, else what it asks for, else English.
    init(_ request: Request) {
        if let chosen = Cookies(request.headers)[Self.cookie].flatMap(Language.init(rawValue:)) {
            self = chosen
        } else {
            self = AcceptedLanguages(request.headers).best ?? .english
        }
    }

    func cookie(isHTTPS: Bool) -> String {
        "\(Self.cookie)=\(rawValue); Path=/; Max-Age=31536000; SameSite=Lax" + (isHTTPS ? "; Secure" : "")
    }

    /// The language's name in itself.
    var ownName: String {
        switch self {
        case .english: "English"
        case .indonesian: "Bahasa Indonesia"
        }
    }
}
