import Foundation
import Testing
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsApp

struct EventJournalTests {
    private static func message(_ id: String) -> EventRecord {
        .message(
            .init(
                chat: "1@lid",
                sender: "1@lid",
                id: id,
                device: 3,
                senderAlternate: nil,
                isOffline: true,
                edit: nil,
                serverID: nil
            )
        )
    }

    /// The rows of a store that batches are written to.
    private struct Rows {
        var rows: [String: [UInt8]] = [:]

        mutating func take(_ batch: StoreBatch) {
            for (key, change) in batch.records {
                switch change {
                case .put(let value, _): rows[key.name] = value
                case .delete: rows[key.name] = nil
                }
            }
        }

        var list: [(name: String, value: [UInt8])] { rows.map { ($0.key, $0.value) } }
    }

    private static func write(
        _ ids: [String],
        _ journal: inout EventJournal,
        _ rows: inout Rows,
        mark: UInt64
    ) -> UInt64 {
        var last: UInt64 = 0
        for id in ids {
            let numbers = journal.number(1)
            journal.stage(message(id), numbers)
            last = numbers.upperBound
        }
        var batch = StoreBatch()
        journal.write(to: &batch, mark: mark)
        rows.take(batch)
        return last
    }

    @Test func everyRecordIsReadAsItWasWritten() throws {
        var value = WASyncActionValue()
        value.timestamp = 5
        value.pinAction.pinned = true
        let records: [EventRecord] = [
            Self.message("A"),
            .message(
                .init(
                    chat: "9@g.us",
                    sender: "1@lid",
                    id: "B",
                    device: 0,
                    senderAlternate: "2@s.whatsapp.net",
                    isOffline: false,
                    edit: 8,
                    serverID: 77
                )
            ),
            .stanza([1, 2, 3]),
            .unreadable(
                UnreadableMessage(
                    id: "C",
                    chat: JID(user: "9", server: .group),
                    sender: JID(user: "1", server: .lid),
                    timestamp: Date(timeIntervalSince1970: 1_800_000_000),
                    reason: .viewOnce
                )
            ),
            .identityChanged(JID(user: "1", server: .lid)),
            .restriction,
            .receipts([
                MessageReceipt(
                    chat: JID(user: "9", server: .group),
                    ids: ["A", "B"],
                    by: JID(user: "1", server: .lid),
                    status: .read,
                    timestamp: Date(timeIntervalSince1970: 1_800_000_000),
                    isOwnDevice: true
                ),
                MessageReceipt(
                    chat: JID(user: "1", server: .lid),
                    ids: ["C"],
                    by: JID(user: "1", server: .lid),
                    status: .delivered,
                    timestamp: Date(timeIntervalSince1970: 1_800_000_001),
                    isOwnDevice: false
                ),
            ]),
            .appState(
                .init(
                    collection: .regularLow,
                    isInitial: false,
                    mutations: [AppStateMutation(.set, index: ["pin_v1", "1@lid"], value: value, version: 5)]
                )
            ),
        ]
        let entries = records.enumerated()
            .map { EventJournal.Entry(number: 100 + UInt64($0.offset) * 3, count: 2, record: $0.element) }
        let bytes = EventJournal.encode(entries, mark: 90)
        let read = try EventJournal.decode(bytes)
        #expect(read.mark == 90)
        #expect(read.entries == entries)
        for length in 1..<bytes.count { _ = try? EventJournal.decode(Array(bytes.prefix(length))) }
    }

    /// In the ordinary run of things one row is written over and over.
    @Test func heardEventsMakeRoomForTheNext() {
        var journal = EventJournal()
        var rows = Rows()
        var mark: UInt64 = 0
        for number in 0..<100 { mark = Self.write(["\(number)"], &journal, &rows, mark: mark) }
        #expect(rows.rows.count == 1)
        var batch = StoreBatch()
        journal.settle(to: &batch, mark: mark)
        rows.take(batch)
        var next = EventJournal()
        #expect(next.load(rows.list, floor: 0).isEmpty)
        #expect(next.number(1).lowerBound == mark + 1)
    }

    @Test func whatWasNotHeardComesBackInOrder() {
        var journal = EventJournal()
        var rows = Rows()
        let first = Self.write(["A"], &journal, &rows, mark: 0)
        _ = Self.write(["B", "C"], &journal, &rows, mark: 0)
        // Only A was heard, and that is known by the third row alone.
        _ = Self.write(["D"], &journal, &rows, mark: first)
        var next = EventJournal()
        let left = next.load(rows.list, floor: 0)
        #expect(left.map(\.record) == ["B", "C", "D"].map(Self.message))
        #expect(left.map(\.number) == [2, 3, 4])
        #expect(next.number(1).lowerBound == 5)
        // The places of what is left are not taken by the next event.
        _ = Self.write(["E"], &next, &rows, mark: first)
        var third = EventJournal()
        #expect(third.load(rows.list, floor: 0).count == 4)
    }

    @Test func rowsOfNoUseGoWhenItIsQuiet() {
        var journal = EventJournal()
        var rows = Rows()
        var last: UInt64 = 0
        for number in 0..<20 { last = Self.write(["\(number)"], &journal, &rows, mark: 0) }
        #expect(rows.rows.count == 20)
        var batch = StoreBatch()
        journal.settle(to: &batch, mark: last)
        rows.take(batch)
        #expect(rows.rows.count == 1)
        #expect(journal.places == [.free])
        batch = StoreBatch()
        journal.settle(to: &batch, mark: last)
        #expect(batch.isEmpty)
    }

    @Test func listenersThatNeverHearCostABoundedNumberOfRows() {
        var journal = EventJournal()
        var rows = Rows()
        for number in 0..<(EventJournal.limit + 50) { _ = Self.write(["\(number)"], &journal, &rows, mark: 0) }
        #expect(rows.rows.count == EventJournal.limit)
        #expect(journal.lost == 50)
        var next = EventJournal()
        let left = next.load(rows.list, floor: 0)
        #expect(left.first?.number == 51)
        #expect(left.count == EventJournal.limit)
    }

    @Test func brokenRowsArePassedOver() {
        var journal = EventJournal()
        var rows = Rows()
        _ = Self.write(["A"], &journal, &rows, mark: 0)
        _ = Self.write(["B"], &journal, &rows, mark: 0)
        rows.rows["0"] = [0xff, 0xff]
        rows.rows["x"] = [1]
        var next = EventJournal()
        #expect(next.load(rows.list, floor: 1_000).map(\.record) == [Self.message("B")])
        #expect(next.number(1).lowerBound == 1_001)
    }

    @Test func marksFollowTheFirstUnheard() {
        let marks = EventMarks()
        marks.begin(at: 10)
        for number in [12, 15, 16, 17] as [UInt64] { marks.expect(number) }
        marks.heard(15)
        marks.heard(17)
        #expect(marks.mark == 10)
        marks.heard(12)
        #expect(marks.mark == 15)
        marks.heard(12)
        marks.heard(16)
        #expect(marks.mark == 17)
        #expect(marks.isAllHeard)
        for number in 18..<2_000 as Range<UInt64> {
            marks.expect(number)
            marks.heard(number)
        }
        #expect(marks.mark == 1_999)
    }
}
