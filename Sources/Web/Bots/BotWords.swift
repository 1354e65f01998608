internal import Bots
internal import Foundation

/// What pages call things about bots.
struct BotWords {
    let strings: Strings
    let now: Date

    func badge(_ approval: BotApproval) -> (text: String, kind: String) {
        let kind =
            switch approval {
            case .new: "warning"
            case .approved: "good"
            case .expired: "danger"
            case .rejected: "quiet"
            }
        return (strings("bots.approval.\(approval.rawValue)"), kind)
    }

    func run(_ run: BotRun) -> String { strings("bots.run.\(run.rawValue)") }

    static func kind(_ run: BotRun) -> String {
        switch run {
        case .running: "good"
        case .starting, .linking: "warning"
        case .failed: "danger"
        case .stopped: "quiet"
        }
    }

    /// When the approval ends or ended; nil before there was one.
    func expiry(of bot: Bot) -> String? {
        guard let end = bot.expiresAt else { return nil }
        let name = bot.isApproved(at: now) ? "bots.expires" : "bots.expired_since"
        return strings(name, ["distance": strings.distance(to: end, from: now), "day": strings.day(end)])
    }

    /// Why it does not run although its owner wants it; nil where there is nothing to say.
    func reason(of bot: Bot) -> String? {
        if bot.isSuspended { return strings("bots.cause.suspended") }
        if let hold = bot.hold, hold.lasts(at: now) {
            return strings("bots.held.\(hold.limit.rawValue)", ["until": strings.moment(hold.until)])
        }
        if bot.desired.value, bot.isApproved(at: now), let schedule = bot.schedule, !schedule.isOpen(at: now) {
            return strings("bots.outside_schedule")
        }
        guard bot.run.value == .failed, let cause = bot.run.cause else { return nil }
        return strings.find("bots.cause.\(cause)") ?? strings("bots.cause.other")
    }

    func months(_ duration: ApprovalDuration) -> String { strings.counted("bots.months", duration.rawValue) }

    func bytes(_ count: Int) -> String { Self.bytes(count) }

    /// In powers of 1,024, as plans count them.
    static func bytes(_ count: Int) -> String {
        var value = Double(count)
        var unit = "B"
        for next in ["KB", "MB", "GB", "TB"] where value >= 1_024 {
            value /= 1_024
            unit = next
        }
        if unit == "B" { return "\(count) B" }
        return value < 10 ? "\((value * 10).rounded() / 10) \(unit)" : "\(Int(value.rounded())) \(unit)"
    }

    static func iso(_ date: Date) -> String { date.formatted(.iso8601) }

    func notice(_ notice: BotNotice) -> (text: String, kind: String) {
        let kind =
            switch notice.kind {
            case .expired, .rejected, .linkLost: "danger"
            case .expiresSoon, .held, .idle, .transferOffered: "warning"
            case .approved, .renewed, .transferred, .shared: "good"
            }
        var values = ["bot": notice.botName, "detail": notice.detail ?? ""]
        switch notice.kind {
        case .expiresSoon: values["detail"] = strings.counted("time.days", Int(notice.detail ?? "") ?? 1)
        case .approved, .renewed: values["detail"] = strings.counted("bots.months", Int(notice.detail ?? "") ?? 1)
        case .held: values["detail"] = strings("bots.limit.\(notice.detail ?? "messages")")
        default: break
        }
        return (strings("bots.notice.\(notice.kind.rawValue)", values), kind)
    }
}
