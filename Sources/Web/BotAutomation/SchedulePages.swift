internal import Accounts
internal import Bots
internal import Foundation
internal import Hummingbird

/// What `/bots/ID/schedules` shows.
struct SchedulePage: CommandPage {
    struct Entry: Sendable {
        let planID: String
        let planChat: String
        let planText: String
        let planWhen: String
        let planNext: String?
        let planLast: String?
        let planProblem: String?
        let planIsOn: Bool
        let planIsOver: Bool
    }

    let title: String
    let frame: CommandFrame
    var problem: String?
    let plans: [Entry]
    let hasPlans: Bool
    let groups: [Choice]
    let hasGroups: Bool
    let chat: FormLine
    let lines: [FormLine]
    let once: FormLine
    let again: FormLine
    let zone: FormLine
    let editorIsOpen: Bool
    let places: [PlaceHelp]
}

/// `/bots/ID/schedules`: messages that go out at a time, once or again and again.
struct SchedulePages: Sendable {
    let desk: CommandDesk

    private var control: BotControl { desk.control }

    var routes: [Route] {
        [
            .get("/bots/{id}/schedules", .signedIn) { request, context in try await show(request, context) },
            desk.form("schedules", flash: "planned") { id, caller, form in
                _ = try await control.schedule(try form.message(by: caller), of: id, by: caller)
                return "schedules"
            } again: { request, context, error in
                try await show(request, context, isBack: true, error)
            },
            desk.form("schedules/switch") { id, caller, form in
                let isOn = form["to"] == "on"
                _ = try await control.setScheduledMessage(form.requiredMessage(), isOn: isOn, of: id, by: caller)
                return "schedules"
            } again: { request, context, error in
                try await show(request, context, error)
            },
            desk.form("schedules/delete") { id, caller, form in
                try await control.deleteScheduledMessage(form.requiredMessage(), of: id, by: caller)
                return "schedules"
            } again: { request, context, error in
                try await show(request, context, error)
            },
        ]
    }

    private func show(
        _ request: Request,
        _ context: WebContext,
        isBack: Bool = false,
        _ error: (any UserFacingError)? = nil
    ) async throws -> Response {
        let visit = try await desk.visit(.schedules, request, context, error: error)
        let strings = visit.strings
        let messages = try await control.scheduledMessages(of: visit.id, for: visit.caller)
        let names = try await control.groups(of: visit.id, for: visit.caller)
        let home = try await control.timeZone(of: visit.id, for: visit.caller).identifier
        let form = isBack ? context.form : nil
        let lines = FormLines(strings: strings, group: "commands.plan", form: form, error: error)
        let kinds = ["once", "again"].map { ($0, strings("commands.plan_kind.\($0)")) }
        let zones = TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") && $0 != home }.map { ($0, $0) }
        let page = SchedulePage(
            title: visit.title(.schedules),
            frame: visit.frame,
            plans: messages.map { Self.entry($0, names, strings) },
            hasPlans: !messages.isEmpty,
            groups: [Choice("", strings("commands.chats.choose"), isSelected: form?["group"] == nil)]
                + names.sorted { $0.value < $1.value }.prefix(500).map {
                    Choice($0.key, $0.value, isSelected: form?["group"] == $0.key)
                },
            hasGroups: !names.isEmpty,
            chat: lines.text("chat", nil, placeholder: "+1 555 000 1111", limit: 128),
            lines: [
                lines.area("text", nil, rows: 3, limit: TextTemplate.templateLimit),
                lines.choice("kind", "once", kinds),
            ],
            once: lines.text("at", nil, limit: 16, type: "datetime-local"),
            again: lines.text("cron", nil, placeholder: "0 8 * * mon-fri", limit: 200),
            zone: lines.choice("zone", home, [(home, home)] + (home == "UTC" ? [] : [("UTC", "UTC")]) + zones),
            editorIsOpen: isBack || messages.isEmpty,
            places: ["bot", "date", "time", "random:a|b"].map {
                PlaceHelp($0, strings("commands.place.\($0.prefix { $0 != ":" })"))
            }
        )
        return try await desk.response(page, of: .botSchedules, visit, request, context)
    }

    private static func entry(_ message: ScheduledMessage, _ names: [String: String], _ strings: Strings)
        -> SchedulePage.Entry
    {
        let when =
            switch message.when {
            case .once: strings("commands.plan_kind.once")
            case .again(let cron): cron.text
            }
        let last = message.lastAt.map { at in
            let name = message.lastError == nil ? "commands.plan.sent" : "commands.plan.failed"
            return strings(name, ["moment": strings.moment(at, in: message.zone)])
        }
        return SchedulePage.Entry(
            planID: message.id.text,
            planChat: names[message.chat] ?? PersonName.text(message.chat),
            planText: message.text,
            planWhen: when,
            planNext: message.nextAt.map { strings.moment($0, in: message.zone) },
            planLast: last,
            planProblem: message.lastError.map { problem in
                strings("commands.plan_problem.\(problem.name)", ["number": problem.number.map(String.init) ?? ""])
            },
            planIsOn: message.isOn,
            planIsOver: message.nextAt == nil
        )
    }
}

extension FormFields {
    fileprivate func requiredMessage() throws(AutomationError) -> UUID {
        guard let id = self["message"].flatMap({ UUID(uuidString: $0) }) else { throw .unknown }
        return id
    }

    /// The message that the form plans.
    fileprivate func message(by caller: BotCaller) throws -> ScheduledMessage {
        guard let zone = TimeZone(identifier: self["zone"] ?? "UTC") else {
            throw RequestError.invalidField("zone", message: "Choose one of what is offered.")
        }
        guard let chat = self["chat"] ?? self["group"] else { throw AutomationError.invalid(.chat) }
        let when: ScheduledMessage.When
        if self["kind"] == "again" {
            guard let cron = self["cron"].flatMap({ CronExpression($0) }) else { throw AutomationError.invalid(.cron) }
            when = .again(cron)
        } else {
            guard let date = self["at"].flatMap({ Self.date($0, in: zone) }) else { throw AutomationError.invalid(.at) }
            when = .once(date)
        }
        return ScheduledMessage(
            chat: chat,
            text: lines("text") ?? "",
            when: when,
            zone: zone,
            createdBy: "account:\(caller.account)"
        )
    }

    /// `2026-12-01T08:00` as clocks in the zone show it.
    private static func date(_ text: String, in zone: TimeZone) -> Date? {
        guard let found = text.wholeMatch(of: #/(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(:\d{2}(\.\d+)?)?/#) else {
            return nil
        }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = DateComponents(
            year: Int(found.1),
            month: Int(found.2),
            day: Int(found.3),
            hour: Int(found.4),
            minute: Int(found.5)
        )
        guard parts.isValidDate(in: calendar) else { return nil }
        return calendar.date(from: parts)
    }
}
