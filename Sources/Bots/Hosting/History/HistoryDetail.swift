/// What exactly was changed, without any secret: a code and its value, from which come words in any language.
package struct HistoryDetail: Sendable, Equatable {
    package enum Code: String, Sendable, CaseIterable {
        /// Of an approval or renewal; the value is their number.
        case months
        /// The same, given by a plan; the value is `NUMBER PLAN`.
        case plannedMonths = "planned_months"
        case preset
        /// The value is a ``PlanLimit``.
        case limit
        /// Names of fields.
        case fields
        /// Names of variables, each with what became of it.
        case variables
        /// Hours and time zone.
        case hours
        case allHours = "all_hours"
        /// Commands and categories, each with `on` or `off`.
        case switches
        case conduct
        case chatSettings = "chat_settings"
        case chatDefaults = "chat_defaults"
        case ruleSet = "rule_set"
        case ruleRemoved = "rule_removed"
        /// The value is the command's name, here and in the next two.
        case commandSet = "command_set"
        case commandRemoved = "command_removed"
        case secretMade = "secret_made"
        case messagePlanned = "message_planned"
        case messageRemoved = "message_removed"
        case messageResumed = "message_resumed"
        case messagePaused = "message_paused"
        /// The value is the person, shortened.
        case warningsTakenBack = "warnings_taken_back"
    }

    /// Nil for a row from before there were codes, whose value is English.
    package let code: Code?
    package let value: String

    package init(_ code: Code?, _ value: String = "") {
        self.code = code
        self.value = String(value.prefix(200))
    }

    static func months(_ duration: ApprovalDuration, plan: String? = nil) -> HistoryDetail {
        guard let plan else { return HistoryDetail(.months, "\(duration.rawValue)") }
        return HistoryDetail(.plannedMonths, "\(duration.rawValue) \(plan)")
    }

    package var words: Phrase {
        let rest = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        return switch code {
        case nil, .fields, .variables, .hours: Phrase(same: "\(value)")
        case .months: Self.months(value)
        case .plannedMonths:
            Phrase(
                en: "\(Self.months(String(rest[0]))), by the plan \(String(rest.last ?? ""))",
                id: "\(Self.months(String(rest[0]))), oleh paket \(String(rest.last ?? ""))"
            )
        case .preset: Phrase(en: "preset \(value)", id: "pola \(value)")
        case .limit: PlanLimit(rawValue: value)?.words ?? Phrase(same: "\(value)")
        case .allHours: Phrase(en: "at all hours", id: "setiap saat")
        case .switches: Phrase(en: "commands: \(value)", id: "perintah: \(value)")
        case .conduct: Phrase(en: "commands: settings", id: "perintah: pengaturan")
        case .chatSettings: Phrase(en: "commands: a chat's settings", id: "perintah: pengaturan sebuah obrolan")
        case .chatDefaults: Phrase(en: "commands: a chat as everywhere", id: "perintah: sebuah obrolan seperti lainnya")
        case .ruleSet: Phrase(en: "a rule set", id: "aturan disimpan")
        case .ruleRemoved: Phrase(en: "a rule removed", id: "aturan dihapus")
        case .commandSet: Phrase(en: "command \(value) set", id: "perintah \(value) disimpan")
        case .commandRemoved: Phrase(en: "command \(value) removed", id: "perintah \(value) dihapus")
        case .secretMade: Phrase(en: "new secret of \(value)", id: "rahasia baru untuk \(value)")
        case .messagePlanned: Phrase(en: "a message planned", id: "pesan dijadwalkan")
        case .messageRemoved: Phrase(en: "a planned message removed", id: "pesan terjadwal dihapus")
        case .messageResumed: Phrase(en: "a planned message goes on", id: "pesan terjadwal dilanjutkan")
        case .messagePaused: Phrase(en: "a planned message rests", id: "pesan terjadwal dijeda")
        case .warningsTakenBack: Phrase(en: "warnings of \(value) taken back", id: "peringatan \(value) dicabut")
        }
    }

    private static func months(_ text: String) -> Phrase {
        let count = Int(text) ?? 0
        return Phrase(en: "\(count, "month", "months")", id: "\(count) bulan")
    }
}

extension PlanLimit {
    fileprivate var words: Phrase {
        switch self {
        case .bots: Phrase(en: "bots", id: "bot")
        case .sessions: Phrase(en: "bots that run at once", id: "bot yang berjalan bersamaan")
        case .messages: Phrase(en: "messages a day", id: "pesan per hari")
        case .storage: Phrase(en: "storage", id: "penyimpanan")
        case .processor: Phrase(en: "processor time", id: "waktu prosesor")
        case .memory: Phrase(en: "memory", id: "memori")
        }
    }
}
