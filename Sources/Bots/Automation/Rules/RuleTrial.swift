package import Foundation

/// What would come of a text, without anybody writing it.
package struct RuleTrial: Sendable {
    /// How a rule stands to the text.
    package enum Verdict: String, Sendable, CaseIterable {
        case answers
        /// It fits, and one before it answers.
        case outranked
        case otherText
        case otherChats
        case off
    }

    /// The command that is given by the text; rules are not asked then.
    package let command: String?
    /// Whether the bot's mode lets it answer there; its owners are always answered.
    package let isHeard: Bool
    /// Which rule answers; nil where none does, or a command.
    package let rule: AutoReplyRule?
    /// What it says to somebody called Ada.
    package let answer: String?
    /// How each rule stands to the text, by identifier.
    package let verdicts: [UUID: Verdict]
}

extension RuleSet {
    /// How rules stand to a text, in the order in which they are tried.
    package static func verdicts(_ rules: [AutoReplyRule], on text: String, isGroup: Bool) -> [(
        rule: AutoReplyRule, verdict: RuleTrial.Verdict
    )] {
        var isAnswered = false
        // One for all, as when somebody writes.
        var budget = RegexBudget()
        return ordered(rules).map { rule in
            guard rule.isOn else { return (rule, .off) }
            guard rule.scope.admits(isGroup: isGroup), rule.chat == nil else { return (rule, .otherChats) }
            guard RuleSet([rule]).search(text, isGroup: isGroup, chat: nil, &budget) != nil else {
                return (rule, .otherText)
            }
            defer { isAnswered = true }
            return (rule, isAnswered ? .outranked : .answers)
        }
    }
}
