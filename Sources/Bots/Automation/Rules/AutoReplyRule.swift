package import Foundation

/// Answers what people write, without any command.
package struct AutoReplyRule: Sendable, Equatable {
    package enum Match: String, Sendable, CaseIterable {
        case exact
        case contains
        case starts
        case regex
    }

    package enum Scope: String, Sendable, CaseIterable {
        case all
        case groups
        case `private`

        func admits(isGroup: Bool) -> Bool {
            switch self {
            case .all: true
            case .groups: isGroup
            case .private: !isGroup
            }
        }
    }

    package static let limit = 100
    package static let patternLimit = 500
    package static let priorities = -1_000...1_000

    /// How many rules of chats there may be, so that the rest is left to the bot's administrators.
    struct Limits: Sendable {
        static let standard = Limits(inOneChat: nil, inAllChats: nil)
        static let chats = Limits(inOneChat: 20, inAllChats: 60)

        let inOneChat: Int?
        let inAllChats: Int?
    }

    package var id: UUID
    package var match: Match
    package var pattern: String
    /// A template, see ``TextTemplate``.
    package var answer: String
    package var file: UUID?
    package var scope: Scope
    /// The one chat in which it answers; nil for all.
    package var chat: String?
    /// The highest is tried first.
    package var priority: Int
    package var isOn: Bool

    package init(
        id: UUID = UUID(),
        match: Match,
        pattern: String,
        answer: String,
        file: UUID? = nil,
        scope: Scope = .all,
        priority: Int = 0,
        isOn: Bool = true
    ) {
        self.id = id
        self.match = match
        self.pattern = pattern
        self.answer = answer
        self.file = file
        self.scope = scope
        self.priority = priority
        self.isOn = isOn
    }

    /// Says what is wrong with it.
    package func check() throws(AutomationError) {
        guard (1...Self.patternLimit).contains(pattern.count), !pattern.trimmed.isEmpty else {
            throw .invalid(.pattern)
        }
        guard answer.count <= TextTemplate.templateLimit, !answer.trimmed.isEmpty || file != nil else {
            throw .invalid(.answer)
        }
        guard Self.priorities.contains(priority) else { throw .invalid(.priority) }
        if match == .regex {
            do throws(BoundedRegex.Problem) {
                _ = try BoundedRegex(pattern)
            } catch {
                throw .invalidRegex(error)
            }
        }
    }
}

/// The rules of a bot, in the order in which they are tried.
package struct RuleSet: Sendable {
    private enum Test: Sendable {
        case exact(String)
        case contains(String)
        case starts(String)
        case regex(BoundedRegex)

        func matches(_ text: String, original: String, _ budget: inout RegexBudget) -> Bool {
            switch self {
            case .exact(let pattern): text == pattern
            case .contains(let pattern): text.contains(pattern)
            case .starts(let pattern): text.hasPrefix(pattern)
            case .regex(let regex): regex.matches(original, &budget)
            }
        }
    }

    /// As much of a text as rules look at.
    static let textLimit = 4_096

    private let rules: [(rule: AutoReplyRule, test: Test)]

    package var isEmpty: Bool { rules.isEmpty }

    package init(_ rules: [AutoReplyRule]) {
        self.rules = Self.ordered(rules.filter(\.isOn)).compactMap { rule in
            let pattern = rule.pattern.trimmed.lowercased()
            switch rule.match {
            case .exact: return (rule, .exact(pattern))
            case .contains: return (rule, .contains(pattern))
            case .starts: return (rule, .starts(pattern))
            case .regex: return (try? BoundedRegex(rule.pattern)).map { (rule, .regex($0)) }
            }
        }
    }

    /// The highest first, those of one height as they were.
    static func ordered(_ rules: [AutoReplyRule]) -> [AutoReplyRule] {
        rules.enumerated().sorted { ($1.element.priority, $0.offset) < ($0.element.priority, $1.offset) }
            .map(\.element)
    }

    /// The first rule that fits.
    package func match(_ text: String, isGroup: Bool, chat: String? = nil) -> AutoReplyRule? {
        search(text, isGroup: isGroup, chat: chat).rule
    }

    /// The same, and whether all rules had the time to look.
    func search(_ text: String, isGroup: Bool, chat: String?) -> (rule: AutoReplyRule?, isComplete: Bool) {
        var budget = RegexBudget()
        let rule = search(text, isGroup: isGroup, chat: chat, &budget)
        return (rule, rule != nil || !budget.isUsedUp)
    }

    func search(_ text: String, isGroup: Bool, chat: String?, _ budget: inout RegexBudget) -> AutoReplyRule? {
        let original = String(text.prefix(Self.textLimit)).trimmed
        guard !original.isEmpty else { return nil }
        let lowered = original.lowercased()
        for (rule, test) in rules where rule.scope.admits(isGroup: isGroup) && (rule.chat == nil || rule.chat == chat) {
            if test.matches(lowered, original: original, &budget) { return rule }
        }
        return nil
    }
}
