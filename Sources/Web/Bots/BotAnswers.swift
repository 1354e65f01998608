internal import Bots
internal import Fleet
internal import Foundation

/// A bot as the API shows it.
struct ShownBot: Encodable {
    let id: String
    let name: String
    let server: String
    let prefix: String
    let phone: String?
    let jid: String?
    let approval: Axis<String>
    let desired: Axis<String>
    let run: Axis<String>
    let link: Axis<String>
    let approvedAt: Date?
    let expiresAt: Date?
    let durationMonths: Int?
    let held: Hold?
    let limits: ShownSessionLimits
    let settings: BotSettings
    let schedule: Schedule?
    let storageBytes: Int
    let environmentVersion: Int
    let version: Int
    let createdAt: Date
    let access: String

    struct Axis<Value: Encodable>: Encodable {
        let value: Value
        let since: Date
        let cause: String?
    }

    struct Hold: Encodable {
        let limit: String
        let until: Date
    }

    struct Schedule: Encodable {
        let zone: String
        let start: Int
        let stop: Int
        let days: [Int]
    }

    init(_ bot: Bot, _ access: BotAccess) {
        id = bot.id.description
        name = bot.name
        server = bot.server
        prefix = bot.prefix
        phone = bot.phone
        jid = bot.jid
        approval = Axis(value: bot.approval.value.rawValue, since: bot.approval.at, cause: bot.approval.cause)
        desired = Axis(value: bot.desired.value ? "on" : "off", since: bot.desired.at, cause: bot.desired.cause)
        run = Axis(value: bot.run.value.rawValue, since: bot.run.at, cause: bot.run.cause)
        link = Axis(value: bot.link.value.rawValue, since: bot.link.at, cause: bot.link.cause)
        approvedAt = bot.approvedAt
        expiresAt = bot.expiresAt
        durationMonths = bot.duration?.rawValue
        held = bot.hold.map { Hold(limit: $0.limit.rawValue, until: $0.until) }
        limits = ShownSessionLimits(bot.restrictions)
        settings = bot.settings
        schedule = bot.schedule.map { schedule in
            Schedule(
                zone: schedule.zone.identifier,
                start: schedule.start,
                stop: schedule.stop,
                days: (0..<7).filter { schedule.isChosen($0) }
            )
        }
        storageBytes = bot.storage
        environmentVersion = bot.environmentVersion
        version = bot.version
        createdAt = bot.createdAt
        self.access =
            switch access {
            case .view: "view"
            case .operate: "operate"
            case .own: "own"
            }
    }
}

struct ShownBots: Encodable {
    let bots: [ShownBot]
    let total: Int
    let page: Int
    let pages: Int

    init(_ page: BotList) {
        bots = page.bots.map { ShownBot($0.bot, $0.access) }
        total = page.total
        self.page = page.query.page + 1
        pages = page.pages
    }
}

struct ShownLines: Encodable {
    let lines: [Line]

    struct Line: Encodable {
        /// Microseconds since 1970: what `after` and `before` take.
        let number: Int64
        let at: Date
        let level: String
        let text: String

        init(_ line: BotLogLine) {
            number = line.number
            at = line.at
            level = line.level.rawValue
            text = line.text
        }
    }

    init(_ lines: [BotLogLine]) {
        self.lines = lines.map(Line.init)
    }
}

struct ShownUsage: Encodable {
    let span: String
    let seconds: Int
    let points: [Point]

    struct Point: Encodable {
        let at: Date
        let received: Int
        let sent: Int
        let processorSeconds: Double
        let bytesIn: Int
        let bytesOut: Int
        let memoryBytes: Int
    }

    init(_ points: [UsagePoint], span: UsageSpan) {
        self.span = span.rawValue
        seconds = span.resolution.seconds
        self.points = points.map { point in
            Point(
                at: point.at,
                received: point.sample.received,
                sent: point.sample.sent,
                processorSeconds: point.sample.processorTime / .seconds(1),
                bytesIn: point.sample.bytesIn,
                bytesOut: point.sample.bytesOut,
                memoryBytes: point.sample.memory
            )
        }
    }
}

struct ShownEnvironment: Encodable {
    let version: Int
    let variables: [Variable]
    let known: [Known]

    struct Variable: Encodable {
        let name: String
        /// Null for a secret.
        let value: String?
        let secret: Bool
        let updatedAt: Date
    }

    struct Known: Encodable {
        let name: String
        let standard: String?
        let secret: Bool
        let help: String
    }

    init(_ variables: [BotVariable], version: Int) {
        self.version = version
        self.variables = variables.map {
            Variable(name: $0.name, value: $0.value, secret: $0.isSecret, updatedAt: $0.updatedAt)
        }
        known = KnownVariable.all.map {
            Known(name: $0.name, standard: $0.standard, secret: $0.kind == .secret, help: $0.help)
        }
    }
}

struct ShownChange: Encodable {
    let added: [String]
    let changed: [String]
    let removed: [String]

    init(_ diff: EnvironmentDiff) {
        added = diff.added
        changed = diff.changed
        removed = diff.removed
    }
}

struct ShownHistory: Encodable {
    let entries: [Entry]

    struct Entry: Encodable {
        let number: Int
        let kind: String
        let detail: String?
        let actor: String
        let at: Date
    }

    init(_ entries: [HistoryEntry]) {
        self.entries = entries.map {
            Entry(
                number: $0.number,
                kind: $0.kind.rawValue,
                detail: $0.detail?.words.text(.english),
                actor: $0.actor,
                at: $0.at
            )
        }
    }
}
