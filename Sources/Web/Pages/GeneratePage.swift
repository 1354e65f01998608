internal import WhatsApp

/// The generator's page, `/generate`.
struct GeneratePage: PageFrame, Sendable {
    struct Family: Sendable {
        let name: String
        let dialect: String
        let prefix: String
        let note: String?
    }

    struct Dialect: Sendable {
        let id: String
        let label: String
        let hint: String
        let selected: Bool
    }

    let title = "Get a session ID · Wharf"
    let description = """
        Link your phone by QR code or pairing code and copy the session ID for your bot. Nothing is kept: the server \
        erases its copy.
        """
    let canonicalPath: String? = "/generate"
    let place = PagePlace.generate

    let csrf: String
    let attemptsPerHour: Int
    let attemptMinutes: Int
    /// How long a try lasts, and how many there are, in words.
    let attemptText: String
    let triesText: String
    let defaultPrefix = SessionIDPrefix.standard.text
    let families = BotFamily.all.map {
        Family(name: $0.name, dialect: $0.dialect.rawValue, prefix: $0.prefix.text, note: $0.note)
    }
    let dialects: [Dialect]
    /// What went wrong with the form that was sent, as a whole or with one field.
    var error: String?
    var phoneError: String?
    var prefixError: String?
    /// What was filled in, so that nobody types it twice.
    var keptCountry: String?
    var keptPhone: String?
    var keptPrefix: String?

    init(csrf: String, attemptsPerHour: Int, attemptMinutes: Int, chosen: String? = nil) {
        self.csrf = csrf
        self.attemptsPerHour = attemptsPerHour
        self.attemptMinutes = attemptMinutes
        attemptText = attemptMinutes == 1 ? "a minute" : "\(attemptMinutes) minutes"
        triesText = attemptsPerHour == 1 ? "is one try" : "are \(attemptsPerHour) tries"
        let selected = chosen.flatMap(SessionIDDialect.init(rawValue:)) ?? .tildeGzip
        dialects = SessionIDDialect.allCases.map { dialect in
            Dialect(
                id: dialect.rawValue,
                label: dialect.label,
                hint: dialect.hint,
                selected: dialect == selected
            )
        }
    }
}

extension SessionIDDialect {
    /// The form in a few characters, for a list to choose from.
    var label: String {
        switch self {
        case .tildeGzip: "NAME~ with packed base64"
        case .tilde: "NAME~ with plain base64"
        case .semicolonsGzip: "NAME;;; with packed base64"
        case .exclamationGzip: "NAME! with packed base64"
        case .bare: "Base64 alone"
        case .credentialsFile: "creds.json, the file itself"
        }
    }

    var hint: String {
        switch self {
        case .tildeGzip: "What most bots read today: they cut at the ~ and unpack what follows."
        case .tilde: "For bots that cut at the ~ and do not unpack. The text is about twice as long."
        case .semicolonsGzip: "For bots that cut at three semicolons."
        case .exclamationGzip: "For bots that cut at the exclamation mark."
        case .bare: "For bots that decode the whole text; no prefix stands in front."
        case .credentialsFile: "Goes into the bot's session folder as creds.json; no text to paste."
        }
    }
}
