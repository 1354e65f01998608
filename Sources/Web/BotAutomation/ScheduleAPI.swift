internal import Accounts
internal import Bots
internal import Foundation
internal import Hummingbird

/// `/api/bots/ID/scheduled-messages`: messages that go out at a time, for programs.
struct ScheduleAPI: Sendable {
    let control: BotControl

    var routes: [Route] {
        [
            .get("/api/bots/{id}/scheduled-messages", .api(.botsRead)) { _, context in
                let messages = try await control.scheduledMessages(
                    of: context.botID(),
                    for: context.signedIn().botCaller
                )
                return try JSONText.response(ShownSchedules(messages: messages.map(ShownSchedule.init)))
            },
            .post("/api/bots/{id}/scheduled-messages", .api(.botsWrite), keyedLimit: Route.standardBodyLimit) {
                request,
                context in
                try await plan(request, context)
            },
            .patch("/api/bots/{id}/scheduled-messages/{message}", .api(.botsWrite)) { request, context in
                try await turn(request, context)
            },
            .delete("/api/bots/{id}/scheduled-messages/{message}", .api(.botsWrite)) { _, context in
                try await control.deleteScheduledMessage(
                    context.automationID("message"),
                    of: context.botID(),
                    by: context.signedIn().botCaller
                )
                return Response(status: .noContent, headers: [.cacheControl: "no-store"])
            },
        ]
    }

    private func plan(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ["chat", "text", "at", "cron", "timeZone"])
        let (id, caller) = (try context.botID(), try context.signedIn().botCaller)
        let zone: TimeZone
        if let name = try fields.text("timeZone") {
            guard let known = TimeZone(identifier: name) else {
                throw RequestError.invalidField("timeZone", message: "Send a time zone such as Asia/Jakarta.")
            }
            zone = known
        } else {
            zone = try await control.timeZone(of: id, for: caller)
        }
        let message = ScheduledMessage(
            chat: try fields.requiredText("chat"),
            text: try fields.requiredText("text"),
            when: try Self.when(fields),
            zone: zone,
            createdBy: "account:\(caller.account)"
        )
        let planned = try await control.schedule(message, of: id, by: caller)
        return try JSONText.response(ShownSchedule(planned), status: .created)
    }

    private static func when(_ fields: JSONFields) throws -> ScheduledMessage.When {
        switch (try fields.text("at"), try fields.text("cron")) {
        case (nil, nil): throw RequestError.missingField("at")
        case (.some, .some):
            throw RequestError.invalidField("cron", message: "Send either “at” or “cron”, not both.")
        case (let at?, nil):
            guard let date = try? Date(at, strategy: .iso8601) else {
                throw RequestError.wrongType("at", expected: "a time such as 2026-12-01T08:00:00Z")
            }
            return .once(date)
        case (nil, let cron?):
            guard let expression = CronExpression(cron) else { throw AutomationError.invalid(.cron) }
            return .again(expression)
        }
    }

    private func turn(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ["on"])
        guard let isOn = try fields.flag("on") else { throw RequestError.missingField("on") }
        let message = try await control.setScheduledMessage(
            context.automationID("message"),
            isOn: isOn,
            of: context.botID(),
            by: context.signedIn().botCaller
        )
        return try JSONText.response(ShownSchedule(message))
    }
}

struct ShownSchedules: Encodable {
    let messages: [ShownSchedule]
}

struct ShownSchedule: Encodable {
    let id: String
    let chat: String
    let text: String
    /// Null for once.
    let cron: String?
    let timeZone: String
    /// Null once it is over.
    let nextAt: Date?
    let lastAt: Date?
    let lastError: String?
    let on: Bool

    init(_ message: ScheduledMessage) {
        id = message.id.text
        chat = message.chat
        text = message.text
        cron =
            switch message.when {
            case .once: nil
            case .again(let cron): cron.text
            }
        timeZone = message.zone.identifier
        nextAt = message.nextAt
        lastAt = message.lastAt
        lastError = message.lastError?.rawValue
        on = message.isOn
    }
}
