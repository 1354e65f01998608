import Accounts
import Database
import Fleet
import Foundation
import SwiftProtobuf
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import Bots

/// One bot of a test, its owner, and people and groups around it.
struct BotWorld: Sendable {
    let server: BotServer
    let bot: Bot
    let owner: BotCaller
    /// The bot's own phone; what is written on it comes from the bot's owner.
    let phone: TestPhone

    var sandbox: SandboxServer { server.sandbox }
    var hosting: Hosting { server.hosting }
    var store: BotStore { server.services.store }

    /// Makes a bot that answers, and removes it afterwards.
    ///
    /// `change` sets it up before it starts.
    static func run(
        _ change: (inout ConductSettings) -> Void = { _ in },
        _ body: (BotWorld) async throws -> Void
    ) async throws {
        let server = try await BotServer.shared()
        let number = server.newNumber()
        try await server.sandbox.createPhone(NewPhone(number: number, name: "Bot \(number.suffix(3))"))
        let account = AccountID()
        try await server.database.execute(
            """
            INSERT INTO accounts (id, email, name, role, created_at)
            VALUES (\(account), \("\(number)@example.org"), \(number), 'admin', \(Date()))
            """
        )
        let owner = BotCaller(account: account, name: number, isAdministrator: true)
        var wanted = NewBot(name: "Helper")
        wanted.prefix = "."
        let bot = try await server.hosting.create(wanted, by: owner)
        var settings = ConductSettings()
        settings.commandsPerMinute = 120
        change(&settings)
        try await server.services.store.changeConduct(of: bot.id) { $0 = settings }
        _ = try await server.hosting.approve(bot.id, for: .oneMonth, by: owner)
        let world = BotWorld(
            server: server,
            bot: bot,
            owner: owner,
            phone: TestPhone(sandbox: server.sandbox, number: number)
        )
        try await world.link()
        do {
            try await body(world)
        } catch {
            try? await server.hosting.delete(bot.id, confirmation: nil, by: owner)
            throw error
        }
        try await server.hosting.delete(bot.id, confirmation: nil, by: owner)
    }

    func link() async throws {
        let notices = try await hosting.notices(of: bot.id, for: owner)
        _ = try await hosting.link(bot.id, phone: nil, by: owner)
        for await notice in notices {
            guard case .qr(let text, _, _) = notice.kind else { continue }
            try await sandbox.scan(text, with: phone.number)
            break
        }
        try await eventually { await hosting.session(of: bot)?.status == .working }
    }

    /// Somebody else with a phone.
    func person(_ name: String) async throws -> TestPhone {
        let number = server.newNumber()
        try await sandbox.createPhone(NewPhone(number: number, name: name))
        return TestPhone(sandbox: sandbox, number: number)
    }

    /// A group of the bot and these people; the first of them, or the bot, has made it.
    func group(of members: [TestPhone], by owner: TestPhone? = nil, named subject: String = "Friends") async throws
        -> TestGroup
    {
        let owner = owner ?? phone
        let others = ([phone] + members).map(\.number).filter { $0 != owner.number }
        let view = try await sandbox.createGroup(NewGroup(subject: subject, owner: owner.number, members: others))
        return TestGroup(sandbox: sandbox, id: view.id, jid: view.jid)
    }

    /// The last lines of the bot's log.
    func log() async throws -> [String] {
        try await hosting.ear.flush()
        return try await hosting.logs.lines(of: bot.id, LogQuery()).map(\.text)
    }

    /// The bot's session.
    func session() async throws -> Session { try await hosting.scheduler.running(bot.session) }
}

/// A group in the sandbox.
struct TestGroup: Sendable {
    let sandbox: SandboxServer
    let id: String
    let jid: String

    func view() async throws -> SandboxGroupView { try await sandbox.group(id) }

    func role(of phone: TestPhone) async throws -> String? {
        try await view().members.first { $0.number == phone.number }?.role
    }

    func has(_ phone: TestPhone) async throws -> Bool { try await role(of: phone) != nil }
}

/// Somebody's phone in the sandbox.
struct TestPhone: Sendable {
    let sandbox: SandboxServer
    let number: String

    /// Writes to a number or the JID of a group, and gives the identifier of the message.
    @discardableResult
    func says(_ text: String, to chat: String, quoting: String? = nil, mentions: [TestPhone] = []) async throws
        -> String
    {
        let jids = mentions.map { "\($0.number)@s.whatsapp.net" }
        return try await sandbox.act(.text(text, quoting: quoting, mentions: jids), at: number, in: chat)
    }

    @discardableResult
    func does(_ action: PhoneAction, in chat: String) async throws -> String {
        try await sandbox.act(action, at: number, in: chat)
    }

    /// Writes, and waits for the message that answers it.
    func asks(
        _ text: String,
        in chat: String,
        quoting: String? = nil,
        mentions: [TestPhone] = []
    ) async throws -> PhoneMessageView {
        try await answer(to: says(text, to: chat, quoting: quoting, mentions: mentions))
    }

    /// As ``asks(_:in:quoting:mentions:)``, the answer's text alone.
    func hears(
        _ text: String,
        in chat: String,
        quoting: String? = nil,
        mentions: [TestPhone] = []
    ) async throws -> String {
        try await asks(text, in: chat, quoting: quoting, mentions: mentions).text ?? ""
    }

    /// The message that quotes another one, once it has come.
    func answer(to id: String) async throws -> PhoneMessageView {
        try await message { $0.target == id && $0.kind != "reaction" && $0.kind != "edit" && $0.kind != "revoke" }
    }

    /// The first message that fulfils the condition, once it has come.
    func message(_ isWanted: (PhoneMessageView) -> Bool) async throws -> PhoneMessageView {
        var found: PhoneMessageView?
        try await eventually {
            found = try await sandbox.messages(of: number).first(where: isWanted)
            return found != nil
        }
        guard let found else { throw HostingError.unknownBot }
        return found
    }

    func messages() async throws -> [PhoneMessageView] { try await sandbox.messages(of: number) }
}

extension PhoneMessageView {
    var decoded: WAMessage { (try? WAMessage(serializedBytes: content)) ?? WAMessage() }
}
