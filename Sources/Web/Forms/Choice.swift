/// One entry of a list to choose from, as `parts/choices` prints it.
struct Choice: Sendable {
    let choiceValue: String
    let choiceLabel: String
    let choiceIsSelected: Bool

    init(_ value: String, _ label: String, isSelected: Bool) {
        choiceValue = value
        choiceLabel = label
        choiceIsSelected = isSelected
    }
}

extension [Choice] {
    /// The same with what a form sent chosen; as they are where it sent nothing that is offered.
    func chosen(_ value: String?) -> [Choice] {
        guard contains(where: { $0.choiceValue == value }) else { return self }
        return map { Choice($0.choiceValue, $0.choiceLabel, isSelected: $0.choiceValue == value) }
    }
}
