internal import Bots
internal import Foundation

/// A bot as a line of a list.
///
/// The names all begin with `bot`, because a template that finds no text here would look around it.
struct BotRow: Sendable {
    let botID: String
    let botName: String
    let botVersion: Int
    let botNumber: String?
    let botBadge: String
    let botBadgeKind: String
    let botRun: String
    let botRunKind: String
    let botRunState: String
    let botIsLinked: Bool
    let botReason: String?
    let botExpiry: String?
    let botExpiresAt: String?
    /// Until the approval ends; negative once it has ended.
    let botSecondsLeft: String?
    let botExpiresOn: String?
    let botExpiresSoon: Bool
    let botDuration: String?
    let botApprovedOn: String?
    let botCreatedOn: String
    let botMessages: String?
    let botStorage: String
    let botMayStart: Bool
    let botMayStop: Bool
    let botMayRenew: Bool
    let botIsShared: Bool
    let botWish: String?
    let botWishMonths: Int?
    let botOwner: String?

    init(_ listed: ListedBot, words: BotWords, messages: Int? = nil, owner: String? = nil) {
        let bot = listed.bot
        let badge = words.badge(bot.approval.value)
        botID = bot.id.description
        botName = bot.name
        botVersion = bot.version
        botNumber = (bot.jid?.prefix { $0.isNumber }).map { "+\($0)" } ?? bot.phone.map { "+\($0)" }
        botBadge = badge.text
        botBadgeKind = badge.kind
        botRun = words.run(bot.run.value)
        botRunKind = BotWords.kind(bot.run.value)
        botRunState = bot.run.value.rawValue
        botIsLinked = bot.link.value == .linked
        botReason = words.reason(of: bot)
        botExpiry = words.expiry(of: bot)
        botExpiresAt = bot.expiresAt.map(BotWords.iso)
        let left = bot.expiresAt.map { $0.timeIntervalSince(words.now) }
        botSecondsLeft = left.map { "\(Int(max(-1e9, min(1e9, $0.rounded()))))" }
        botExpiresOn = bot.expiresAt.map { words.strings.day($0) }
        botExpiresSoon = bot.approval.value == .approved && (left ?? .infinity) < 7 * 86_400
        botDuration = bot.duration.map(words.months)
        botApprovedOn = bot.approvedAt.map { words.strings.day($0) }
        botCreatedOn = words.strings.day(bot.createdAt)
        botMessages = messages.map { words.strings.number($0) }
        botStorage = BotWords.bytes(bot.storage)
        let isApproved = bot.isApproved(at: words.now)
        botMayStart = isApproved && !bot.desired.value && listed.access >= .operate
        botMayStop = isApproved && bot.desired.value && listed.access >= .operate
        botMayRenew = listed.access == .own && (bot.approval.value == .expired || botExpiresSoon)
        botIsShared = listed.access < .own
        botWish = bot.renewal.map { words.strings("bots.wish", ["months": words.months($0.duration)]) }
        botWishMonths = bot.renewal?.duration.rawValue
        botOwner = owner
    }
}
