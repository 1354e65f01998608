import Foundation
import NIOCore
import NIOHTTP1
import SignalProtocol

/// The control API under `/sandbox` and the page at `/`; confined to the engine's event loop.
final class ControlRoutes {
    private let engine: Engine
    private let files: LocalFiles
    /// Known once the port is bound.
    var webSocketURL = ""
    var secureWebSocketURL = ""
    /// PEM.
    var tlsCertificate = ""

    private typealias Answer = EventLoopFuture<HTTPReply>

    init(engine: Engine, files: LocalFiles) {
        self.engine = engine
        self.files = files
    }

    func reply(to request: HTTPRequest) -> EventLoopFuture<HTTPReply> {
        do {
            return try route(request)
        } catch let error as SandboxError {
            return done(.failure(error))
        } catch {
            return done(
                .failure(status: .internalServerError, code: "internal", message: "The sandbox could not answer.")
            )
        }
    }

    private func route(_ request: HTTPRequest) throws -> Answer {
        guard request.path.first == "sandbox" else { return page(request) }
        guard isFromHere(request) else {
            return done(
                .failure(status: .forbidden, code: "origin", message: "Pages of other sites cannot use the sandbox.")
            )
        }
        guard let endpoint = ControlEndpoint(Array(request.path.dropFirst())) else { return done(Self.notFound) }
        guard endpoint.methods.contains(request.method) else { return done(Self.notAllowed(endpoint.methods)) }
        switch endpoint {
        case .server: return done(server())
        case .certificate:
            let reply = HTTPReply(.ok, contentType: "application/x-pem-file", body: Array(tlsCertificate.utf8))
            return done(reply)
        case .phones, .phone, .devices, .device: return try phones(endpoint, request)
        case .scan(let number):
            let body = try ControlBody.decode(ControlBody.Scan.self, from: request.body)
            return outcome(engine.scan(body.qr, at: number))
        case .link(let number):
            let body = try ControlBody.decode(ControlBody.Link.self, from: request.body)
            return outcome(engine.enterCode(body.code, at: number))
        case .messages(let number): return try messages(of: number, request)
        case .passkeyAssertion(let number):
            let body = try ControlBody.decode(ControlBody.PasskeyAssertion.self, from: request.body)
            return done(.json(try engine.passkeyAssertion(of: number, for: body.options)))
        case .groups, .group, .groupMembers, .groupSettings, .groupPrivacy, .groupPicture:
            return done(try GroupRoutes.reply(endpoint, request, engine) ?? Self.notFound)
        case .calls, .call, .limits: return done(try engine.accountOrder(endpoint, request))
        case .profile(let number):
            if request.method == .POST {
                let change = try ControlBody.decode(ProfileOrder.self, from: request.body)
                try engine.perform { try $0.change(change, of: number) }
            }
            return done(.json(try engine.view.profileView(of: number)))
        case .faults, .fault: return try faults(endpoint, request)
        case .log: return done(.json(ControlAnswer.Log(stanzas: engine.view.journal.latest)))
        case .appState(let number): return try appState(of: number, request)
        case .history(let number):
            let history = try ControlBody.decode(GeneratedHistory.self, from: request.body)
            try engine.perform { try $0.generate(history, at: number) }
            return done(Self.nothing)
        }
    }

    // MARK: Phones

    private func phones(_ endpoint: ControlEndpoint, _ request: HTTPRequest) throws -> Answer {
        switch (endpoint, request.method) {
        case (.phones, .GET): return done(.json(ControlAnswer.Phones(phones: engine.view.views())))
        case (.phones, _):
            let order = try ControlBody.decode(ControlBody.CreatePhone.self, from: request.body).order()
            return done(.json(try engine.createPhone(order), status: .created))
        case (.phone(let number), .GET): return done(.json(try engine.view.view(of: number)))
        case (.phone(let number), _): try engine.deletePhone(number)
        case (.devices(let number), .GET):
            return done(.json(ControlAnswer.Devices(devices: try engine.devices(of: number))))
        case (.devices(let number), _): try engine.unlink(nil, of: number)
        case (.device(let number, let device), _):
            guard let device = UInt16(device) else { throw SandboxError.unknownDevice }
            try engine.unlink(device, of: number)
        default: return done(Self.notFound)
        }
        return done(Self.nothing)
    }

    /// 200 when linked, 202 when the companion must first present the passkey.
    private func outcome(_ linking: EventLoopFuture<LinkOutcome>) -> Answer {
        linking.map { outcome in
            switch outcome {
            case .linked(let device): return .json(ControlAnswer.Linked(device: device))
            case .passkeyDemanded(let json):
                guard let options = try? JSONDecoder().decode(PasskeyOptions.self, from: Data(json)) else {
                    return .failure(SandboxError.noPasskey)
                }
                return .json(ControlAnswer.PasskeyRequested(options: options), status: .accepted)
            }
        }
        .flatMapErrorThrowing { error in
            guard let error = error as? SandboxError else { throw error }
            return .failure(error)
        }
    }

    // MARK: App state

    private func appState(of number: String, _ request: HTTPRequest) throws -> Answer {
        if request.method == .POST {
            let order = try ControlBody.decode(AppStateOrder.self, from: request.body)
            try engine.perform { try $0.perform(order, at: number) }
        }
        guard let phone = engine.view.phones[number] else { throw SandboxError.unknownPhone }
        return done(.json(AppStateView(phone.appState)))
    }

    // MARK: Messages

    private func messages(of number: String, _ request: HTTPRequest) throws -> Answer {
        guard request.method == .POST else {
            let after = try engine.view.place(of: request.parameter("after"), at: number)
            return done(.json(ControlAnswer.Messages(messages: try engine.view.messages(of: number, after: after))))
        }
        let body = try ControlBody.decode(ControlBody.Message.self, from: request.body)
        guard let path = body.media?.path else { return done(try write(body, file: nil, at: number)) }
        guard engine.view.phones[number] != nil else { throw SandboxError.unknownPhone }
        let bound = NIOLoopBound(self, eventLoop: engine.eventLoop)
        return files.read(path, on: engine.eventLoop)
            .flatMapThrowing { file in try bound.value.write(body, file: file, at: number) }
            .flatMapErrorThrowing { error in
                guard let error = error as? SandboxError else { throw error }
                return .failure(error)
            }
    }

    private func write(_ body: ControlBody.Message, file: [UInt8]?, at number: String) throws -> HTTPReply {
        let chat = try body.chat()
        if let isTyping = body.typing {
            guard let chat else { throw SandboxError.invalid(field: "to", reason: "Say who sees the typing.") }
            try engine.perform { try $0.type(isTyping, at: number, to: chat) }
        } else if let read = body.read ?? body.played {
            try engine.perform { try $0.read(read, at: number, type: body.read == nil ? "played" : "read") }
        } else {
            let action = try body.action(file: file)
            let id = try engine.perform { try $0.act(action, at: number, in: chat) }
            return .json(ControlAnswer.Sent(id: id), status: .created)
        }
        return .json(ControlAnswer.Sent(id: nil))
    }

    // MARK: Faults

    private func faults(_ endpoint: ControlEndpoint, _ request: HTTPRequest) throws -> Answer {
        switch (endpoint, request.method) {
        case (.fault(let text), _):
            guard let id = Int(text) else { throw SandboxError.unknownFault }
            try engine.clearFaults(id)
            return done(Self.nothing)
        case (_, .POST):
            let order = try ControlBody.decode(FaultRequest.self, from: request.body).order()
            switch try engine.inject(order.fault, scope: order.scope, times: order.times) {
            case .standing(let fault): return done(.json(ControlAnswer.Fault(fault), status: .created))
            case .done(let affected):
                return done(.json(ControlAnswer.Struck(kind: order.fault.kind, affected: affected)))
            }
        case (_, .DELETE):
            try engine.clearFaults(nil)
            return done(Self.nothing)
        default:
            return done(.json(ControlAnswer.Faults(faults: engine.view.faults.active.map(ControlAnswer.Fault.init))))
        }
    }

    // MARK: The rest

    private func server() -> HTTPReply {
        let state = engine.view
        let hex = engine.authority.root.publicKey.map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        return .json(
            ControlAnswer.Server(
                webSocketURL: webSocketURL,
                secureWebSocketURL: secureWebSocketURL,
                mediaURL: "https://\(state.settings.mediaHost)",
                noiseRootKey: hex.joined(),
                phones: state.phones.count,
                connections: engine.connectionCount
            )
        )
    }

    private func page(_ request: HTTPRequest) -> Answer {
        guard let asset = SandboxPage.asset(at: request.path) else { return done(Self.notFound) }
        guard request.method == .GET else { return done(Self.notAllowed([.GET])) }
        return done(asset)
    }

    /// Browsers name the page that a request comes from; other programs do not.
    private func isFromHere(_ request: HTTPRequest) -> Bool {
        guard let origin = request.headers.first(name: "origin") else { return true }
        guard let host = request.headers.first(name: "host") else { return false }
        guard origin == "http://\(host)" || origin == "https://\(host)" else { return false }
        // A site whose name is made to lead to this machine is another site all the same.
        guard files.access == .all else { return true }
        let name = host.hasSuffix("]") ? host : host.replacing(/:[0-9]*$/, with: "")
        let address = name.hasPrefix("[") ? String(name.dropFirst().dropLast()) : name
        return address == "localhost" || (try? SocketAddress(ipAddress: address, port: 0)) != nil
    }

    private func done(_ reply: HTTPReply) -> Answer {
        engine.eventLoop.makeSucceededFuture(reply)
    }

    private static let nothing = HTTPReply.json([String: String]())
    private static let notFound = HTTPReply.failure(
        status: .notFound,
        code: "not-found",
        message: "There is nothing at this address."
    )

    private static func notAllowed(_ methods: [HTTPMethod]) -> HTTPReply {
        let names = methods.map(\.rawValue).joined(separator: ", ")
        var reply = HTTPReply.failure(status: .methodNotAllowed, code: "method", message: "Use \(names).")
        reply.headers.add(name: "allow", value: names)
        return reply
    }
}
