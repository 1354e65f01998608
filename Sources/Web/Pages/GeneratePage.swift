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

    let title: String
    let description: String
    let canonicalPath: String? = "/generate"
    let place = PagePlace.generate

    let csrf: String
    let attemptsPerHour: Int
    let attemptMinutes: Int
    /// How long a try lasts, and how many there are, in words.
    let limitText: String
    /// What scripts say on the page, as JSON.
    let texts: String
    let defaultPrefix = SessionIDPrefix.standard.text
    let families: [Family]
    let dialects: [Dialect]
    /// What went wrong with the form that was sent, as a whole or with one field.
    var error: String?
    var phoneError: String?
    var prefixError: String?
    /// What was filled in, so that nobody types it twice.
    var keptCountry: String?
    var keptPhone: String?
    var keptPrefix: String?

    init(csrf: String, attemptsPerHour: Int, attemptMinutes: Int, chosen: String? = nil, strings: Strings) {
        self.csrf = csrf
        self.attemptsPerHour = attemptsPerHour
        self.attemptMinutes = attemptMinutes
        title = "\(strings("generate.title")) · Wharf"
        description = strings("generate.description")
        limitText = strings(
            "generate.limit",
            [
                "time": strings.counted("time.minutes", attemptMinutes),
                "tries": strings.counted("generate.tries", attemptsPerHour),
            ]
        )
        texts = strings.json(of: .calls, .live, .errors)
        families = BotFamily.all.map { family in
            Family(
                name: strings.find("generate.bot.\(family.id).name") ?? family.name,
                dialect: family.dialect.rawValue,
                prefix: family.prefix.text,
                note: strings.find("generate.bot.\(family.id).note") ?? family.note
            )
        }
        let selected = chosen.flatMap(SessionIDDialect.init(rawValue:)) ?? .tildeGzip
        dialects = SessionIDDialect.allCases.map { dialect in
            Dialect(
                id: dialect.rawValue,
                label: strings.label(of: dialect),
                hint: strings("generate.dialect.\(dialect.textName).hint"),
                selected: dialect == selected
            )
        }
    }
}

extension SessionIDDialect {
    /// As the texts call it; a name without a full stop.
    fileprivate var textName: String { self == .credentialsFile ? "file" : rawValue }
}

extension Strings {
    /// The form in a few characters, for a list to choose from.
    func label(of dialect: SessionIDDialect) -> String { self("generate.dialect.\(dialect.textName).label") }
}
