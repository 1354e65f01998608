internal import WhatsAppWire

/// Who may send to a chat next: in the order of the calls, whichever of its names a chat was called by.
///
/// A place is taken when a call comes in, before anything is waited for. Where two names turn out to be one person the lines
/// become one, in the order of the places.
struct SendingLines {
    typealias Place = UInt64

    private struct Line {
        var names: Set<JID>
        /// In the order of the calls.
        var places: [Place]
    }

    private var lines: [UInt64: Line] = [:]
    private var lineOfName: [JID: UInt64] = [:]
    private var lineOfPlace: [Place: UInt64] = [:]
    /// Phone numbers whose LID is still being looked for: whoever calls such a person by LID later must not be faster.
    private var unresolved: Set<Place> = []
    private var last: UInt64 = 0

    var isEmpty: Bool { lines.isEmpty }
    /// How many are not the first of their line.
    var waitingCount: Int { lineOfPlace.count - lines.count }

    /// Whether somebody has a place for the chat already.
    func isOccupied(_ name: JID) -> Bool { lineOfName[name] != nil }

    mutating func takePlace(_ name: JID, isUnresolved: Bool) -> Place {
        last += 1
        let number = lineOfName[name] ?? last
        lines[number, default: Line(names: [name], places: [])].places.append(last)
        lineOfName[name] = number
        lineOfPlace[last] = number
        if isUnresolved { unresolved.insert(last) }
        return last
    }

    /// Takes a place once more that has been left, before all that were taken later.
    mutating func retake(_ place: Place, _ name: JID) {
        guard lineOfPlace[place] == nil else { return }
        last += 1
        let number = lineOfName[name] ?? last
        var line = lines[number] ?? Line(names: [name], places: [])
        line.places.insert(place, at: line.places.firstIndex { $0 > place } ?? line.places.endIndex)
        lines[number] = line
        lineOfName[name] = number
        lineOfPlace[place] = number
    }

    /// Whether it is a place's turn; `isNew` where the chat is a LID whose phone number nobody knows.
    func isTurn(_ place: Place, isNew: Bool) -> Bool {
        guard let number = lineOfPlace[place], lines[number]?.places.first == place else { return false }
        return !isNew || !unresolved.contains { $0 < place }
    }

    /// The LID is known now, or will not be; whether that was still open.
    mutating func resolve(_ place: Place) -> Bool {
        unresolved.remove(place) != nil
    }

    /// The place that comes first in the line now; nil where the line has ended.
    mutating func leave(_ place: Place) -> Place? {
        guard let number = lineOfPlace.removeValue(forKey: place), var line = lines[number] else { return nil }
        line.places.removeAll { $0 == place }
        guard line.places.isEmpty else {
            lines[number] = line
            return line.places.first
        }
        lines[number] = nil
        for name in line.names { lineOfName[name] = nil }
        return nil
    }

    /// Both names mean one chat; whether that was new to somebody who waits.
    mutating func unite(_ one: JID, _ other: JID) -> Bool {
        let numbers = (lineOfName[one], lineOfName[other])
        guard let kept = numbers.0 ?? numbers.1, numbers.0 != numbers.1, var line = lines[kept] else { return false }
        line.names.formUnion([one, other])
        if let gone = numbers.1, gone != kept, let joining = lines.removeValue(forKey: gone) {
            line.names.formUnion(joining.names)
            line.places = (line.places + joining.places).sorted()
            for place in joining.places { lineOfPlace[place] = kept }
        }
        for name in line.names { lineOfName[name] = kept }
        lines[kept] = line
        return true
    }
}
