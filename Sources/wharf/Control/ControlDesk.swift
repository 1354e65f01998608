import Fleet
import Foundation
import WhatsApp
import WhatsAppProtobufs
import WhatsAppWire

/// Does what one line of the command line asks for.
struct ControlDesk {
    let scheduler: SessionScheduler
    let reply: (ControlReply) async throws -> Void

    func answer(_ line: [UInt8]) async throws {
        guard let request = try? JSONDecoder().decode(ControlRequest.self, from: Data(line)) else {
            return try await reply(ControlReply(error: "This is no request.", isLast: true))
        }
        do {
            var last = try await answer(request)
            last.isLast = true
            try await reply(last)
        } catch {
            try await reply(ControlReply(error: words(for: error), isLast: true))
        }
    }

    private func answer(_ request: ControlRequest) async throws -> ControlReply {
        switch request.command {
        case .list: return ControlReply(sessions: await scheduler.all().map(ControlReply.Session.init))
        case .create:
            let id = try await scheduler.create(request.session ?? "")
            return ControlReply(text: id.description)
        case .takeIn:
            let id = try await scheduler.importSession(request.text ?? "", as: request.session ?? "")
            return ControlReply(text: id.description)
        default: break
        }
        let id = try await scheduler.find(request.session ?? "")
        switch request.command {
        case .start: try await start(id)
        case .stop: try await scheduler.stop(id)
        case .restart: try await scheduler.restart(id)
        case .logout: try await scheduler.logOut(id)
        case .delete: try await scheduler.delete(id)
        case .send: return ControlReply(text: try await send(request, on: id))
        case .tail: try await tail(id)
        case .export where request.format == ControlRequest.folderFormat:
            for file in try await scheduler.exportFolder(id) {
                let content = String(decoding: file.content, as: UTF8.self)
                try await reply(ControlReply(text: content, file: file.name))
            }
        case .export:
            guard let format = SessionIDDialect(rawValue: request.format ?? "") else {
                throw Refusal("No such format.")
            }
            return ControlReply(text: try await scheduler.exportSession(id, as: format).reveal())
        case .list, .create, .takeIn: break
        }
        return ControlReply()
    }

    /// Starts, and tells of codes to scan until the session works or has failed.
    private func start(_ id: SessionID) async throws {
        let notices = try await scheduler.notices(of: id)
        try await scheduler.start(id)
        var hasStarted = false
        for await notice in notices {
            switch notice.kind {
            case .qr(let text, _, _): try await reply(ControlReply(qr: text))
            case .status(let state) where state.status == .working: return
            case .status(let state) where state.status == .failed && hasStarted:
                throw Refusal("The session has failed: \(state.reason ?? "for no known reason").")
            case .status(let state): hasStarted = hasStarted || state.status == .starting
            default: break
            }
        }
    }

    private func send(_ request: ControlRequest, on id: SessionID) async throws -> String {
        guard let chat = recipient(request.to ?? "") else { throw Refusal("Name a number or a chat's address.") }
        guard let text = request.text, !text.isEmpty else { throw Refusal("There is nothing to send.") }
        var message = WAMessage()
        message.conversation = text
        return try await scheduler.send(message, on: id, to: chat).id
    }

    private func recipient(_ text: String) -> JID? {
        if text.contains("@") { return JID(text).flatMap { $0.user.isEmpty ? nil : $0 } }
        guard let number = try? PhoneNumber(parsing: text) else { return nil }
        return JID(user: number.digits, server: .user)
    }

    /// The last lines of the log, then every further one until the other side goes.
    private func tail(_ id: SessionID) async throws {
        let notices = try await scheduler.notices(of: id)
        for line in try await scheduler.log(of: id, last: 20) { try await reply(ControlReply(line: text(of: line))) }
        for await notice in notices {
            switch notice.kind {
            case .log(let line): try await reply(ControlReply(line: text(of: line)))
            case .status(let state):
                try await reply(ControlReply(line: "\(state.statusAt.formatted(.iso8601)) \(state.status.rawValue)"))
            // An empty line, by which it shows that the other side has gone.
            case .qr, .pairingCode, .pairingCodeRefused, .counters, .changed: try await reply(ControlReply())
            }
        }
    }

    private func text(of line: SessionLogLine) -> String {
        "\(line.at.formatted(.iso8601)) \(line.level.rawValue): \(line.text)"
    }

    private struct Refusal: Error {
        let text: String

        init(_ text: String) {
            self.text = text
        }
    }

    private func words(for error: any Error) -> String {
        switch error {
        case let error as Refusal: error.text
        case let error as FleetError: error.words
        case let error as SessionIDError: error.message
        case let error as SendError: "The message was not sent: \(error)."
        default: "It cannot be done now: \(error)."
        }
    }
}

extension ControlReply.Session {
    private static func words(for restrictions: SessionRestrictions) -> [String] {
        var words: [String] = []
        if restrictions.isReachOutLocked {
            let end = restrictions.reachOutLockedUntil.map { " until \($0.formatted(.iso8601))" } ?? ""
            words.append("may not write to strangers" + end)
        }
        if restrictions.isNewChatCapReached {
            var count = ""
            if let used = restrictions.newChatsUsed, let total = restrictions.newChatsTotal {
                count = " (\(used) of \(total))"
            }
            words.append("may begin no new chats" + count)
        }
        return words
    }

    init(_ state: SessionState) {
        self.init(
            id: state.id.description,
            name: state.name,
            status: state.status.rawValue,
            reason: state.reason,
            jid: state.jid,
            isWanted: state.isWanted,
            health: state.health,
            limits: Self.words(for: state.restrictions)
        )
    }
}
