package import Foundation

/// What an account may use.
///
/// A limit that is nil does not hold.
package struct Plan: Sendable, Equatable {
    package var id: String
    package var name: String
    /// Accounts without a subscription have it.
    package var isStandard: Bool
    /// Bots need nobody to approve them.
    package var approves: Bool
    package var approvalDuration: ApprovalDuration
    package var bots: Int?
    /// Bots that may run at once.
    package var sessions: Int?
    package var messagesPerDay: Int?
    package var storage: Int?
    package var logDays: Int
    /// Of one processor, on average over five minutes.
    package var processorPercent: Int?
    package var memory: Int?
    package var version: Int

    package init(
        id: String,
        name: String,
        isStandard: Bool = false,
        approves: Bool = false,
        approvalDuration: ApprovalDuration = .oneMonth,
        bots: Int? = nil,
        sessions: Int? = nil,
        messagesPerDay: Int? = nil,
        storage: Int? = nil,
        logDays: Int = 7,
        processorPercent: Int? = nil,
        memory: Int? = nil,
        version: Int = 1
    ) {
        self.id = id
        self.name = name
        self.isStandard = isStandard
        self.approves = approves
        self.approvalDuration = approvalDuration
        self.bots = bots
        self.sessions = sessions
        self.messagesPerDay = messagesPerDay
        self.storage = storage
        self.logDays = logDays
        self.processorPercent = processorPercent
        self.memory = memory
        self.version = version
    }

    /// The same without anything that limits bots.
    var unlimited: Plan {
        var plan = self
        (plan.bots, plan.sessions, plan.messagesPerDay, plan.storage) = (nil, nil, nil, nil)
        (plan.processorPercent, plan.memory) = (nil, nil)
        return plan
    }

    /// Throws for values that no plan may have.
    func check() throws(HostingError) {
        let isGoodID =
            (1...32).contains(id.utf8.count) && id.first != "-"
            && id.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
        guard isGoodID else { throw .invalidPlan(field: "id") }
        guard BotText.isName(name) else { throw .invalidPlan(field: "name") }
        let counts: [(String, Int?)] = [("bots", bots), ("sessions", sessions), ("messagesPerDay", messagesPerDay)]
        for (field, value) in counts {
            guard (0...Int(Int32.max)).contains(value ?? 0) else { throw .invalidPlan(field: field) }
        }
        guard (0...(1 << 50)).contains(storage ?? 0) else { throw .invalidPlan(field: "storage") }
        guard (1...(1 << 50)).contains(memory ?? 1) else { throw .invalidPlan(field: "memory") }
        guard (1...365).contains(logDays) else { throw .invalidPlan(field: "logDays") }
        guard (1...10_000).contains(processorPercent ?? 1) else { throw .invalidPlan(field: "processorPercent") }
    }
}

/// What a plan limits; the word is what stands in tables and API.
package enum PlanLimit: String, Sendable, CaseIterable {
    case bots
    case sessions
    case messages
    case storage
    case processor
    case memory
}

/// An account's plan, and how much of it is used.
package struct PlanUse: Sendable, Equatable {
    package var plan: Plan
    package var until: Date?
    package var bots: Int
    /// Approved and wanted on.
    package var sessions: Int
    package var storage: Int
    package var messagesToday: Int
}
