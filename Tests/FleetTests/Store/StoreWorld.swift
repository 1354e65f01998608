import Database
import Foundation
import Logging
import SignalProtocol
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppWire

@testable import Fleet

/// A database with a writer on it, and the means to open sessions' stores.
struct StoreWorld: Sendable {
    let database: Database
    let writer: CommitWriter
    let sessions: SessionRepository
    let leases: LeaseRepository

    static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func run(
        limits: CommitWriter.Limits = CommitWriter.Limits(),
        _ body: (StoreWorld) async throws -> Void
    ) async throws {
        try await withTestDatabase { database in
            let world = try await StoreWorld(database, limits: limits)
            try await world.whileWriting { try await body(world) }
        }
    }

    init(
        _ database: Database,
        worker: WorkerID = WorkerID(rawValue: 1),
        limits: CommitWriter.Limits = CommitWriter.Limits()
    ) async throws {
        self.database = database
        writer = CommitWriter(database: database, worker: worker, limits: limits, logger: Self.silence)
        sessions = SessionRepository(database: database, masterKeys: MasterKeyring(try .test()), server: "main")
        leases = LeaseRepository(database: database, worker: worker)
        try await leases.announce()
    }

    /// Runs the writer meanwhile.
    func whileWriting(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await writer.run() }
            defer { group.cancelAll() }
            try await body()
        }
    }

    func makeSession(_ name: String = "one", credentials: Credentials? = nil) async throws -> SessionID {
        try await sessions.create(name, credentials: credentials).id
    }

    /// Takes the lease and opens the store.
    func open(_ session: SessionID) async throws -> PostgresSessionStore {
        let lease = try #require(try await leases.take([session]).first)
        let opening = try #require(try await sessions.open([session])[session]).get()
        return PostgresSessionStore(
            session: session,
            epoch: lease.epoch,
            key: opening.key,
            rows: SessionRows(database: database),
            writer: writer,
            credentials: opening.credentials,
            untoldEvents: opening.untoldEvents
        )
    }

    func makeStore(_ name: String = "one") async throws -> PostgresSessionStore {
        try await open(makeSession(name))
    }
}

extension MasterKey {
    static func test(_ byte: UInt8 = 7) throws -> MasterKey {
        try #require(MasterKey(SecretBytes([UInt8](repeating: byte, count: 32))))
    }
}

extension StoredMessage {
    static func test(
        _ id: String,
        chat: String = "15550001111@s.whatsapp.net",
        sender: String = "15550001111@s.whatsapp.net",
        text: String = "hello",
        status: MessageStatus = .none
    ) -> StoredMessage {
        StoredMessage(
            chat: chat,
            sender: sender,
            id: id,
            isFromMe: false,
            timestamp: Date(timeIntervalSince1970: 1_800_000_000),
            kind: "text",
            pushName: "Ada",
            content: Array(text.utf8),
            status: status
        )
    }
}

extension StoreBatch {
    static func of(_ fill: (inout StoreBatch) -> Void) -> StoreBatch {
        var batch = StoreBatch()
        fill(&batch)
        return batch
    }
}
