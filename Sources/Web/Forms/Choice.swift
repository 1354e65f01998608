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
