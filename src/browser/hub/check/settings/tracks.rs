//! The settings of tracks.
//!
//! Each list goes by what the settings are for: all tracks, alignments, bar charts, items,
//! alignments of genomes and genes, interactions and contact matrices, peaks and lollipops,
//! signals, variants, groups of tracks.

use crate::browser::hub::check::syntax::{ON_OFF, Syntax, TRUE_FALSE};
use Syntax::{Any, Color, Exactly, Heights, Integer, Limits, Number, OneOf};

/// Settings that take anything; what is for something else begins a new line.
const ANY: &str = "\
    track type shortLabel longLabel bigDataUrl html meta group chromosomes dataVersion directUrl \
    downloadUrl iframeUrl iframeOptions mouseOver mouseOverField multiRegionsBedUrl otherDb \
    otherTwoBitUrl pennantIcon tableBrowser url urlLabel urls skipFields sepFields \
    refUrl bigDataIndex aliQualRange baseQualRange bamColorTag noColorTag bamSkipPrintQualScore \
    pairEndsByName \
    barChartBars barChartColors barChartLabel barChartSizeWindows barChartFacets \
    barChartStatsUrl singleCellColumnNames barChartMetric barChartUnit barChartCategoryUrl \
    barChartSampleUrl \
    colorByStrand detailsStaticTable detailsDynamicTable scoreFilter scoreFilterLimits \
    noScoreFilter style searchIndex searchTrix labelFields defaultLabelFields labelSeparator \
    highlightColor bedNameLabel itemImagePath itemBigImagePath nextExonText prevExonText \
    scoreLabel \
    linkDataUrl baseColorUseSequence baseColorUseCds baseColorDefault showDiffBasesAllScales \
    showCdsAllScales speciesOrder speciesLabels frames summary otherSpecies \
    interactMultiRegion normalization resolution \
    pValueFilter qValueFilter signalFilter lollySizeField lollyField \
    setColorWith smoothingWindow logoMaf mathDataUrl \
    hapClusterMethod hapClusterColorBy geneTrack vcfChildSample vcfParentSamples \
    parent hideEmptySubtracksMultiBedUrl hideEmptySubtracksSourcesUrl hideEmptySubtracksLabel \
    subGroups dimensions filterComposite sortOrder view metaDataUrl primaryKey dataTypes";

/// Settings that are on or off.
const SWITCHES: &str = "\
    boxedCfg darkerLabels skipEmptyFields indelDoubleInsert indelQueryInsert indelPolyA \
    showNames doWiggle barChartStretchToItem barChartMerge labelOnFeature exonArrows \
    exonArrowsDense exonNumbers spectrum thickDrawItem mergeSpannedItems linkIdInName noStems \
    yAxisNumLabels alwaysZero negateValues logo yLineOnOff gridDefault vcfDoFilter vcfDoQual \
    vcfDoMaf vcfUseAltSampleNames allButtonPair centerLabelsDense hideEmptySubtracks viewUi \
    configurable showSubtrackColorOnUi";

/// Settings that take a whole number.
const WHOLE_NUMBERS: &str = "\
    minAliQual pairSearchRange maxItems maxWindowCoverage maxWindowToDraw minGrayLevel scoreMax \
    scoreMin showTopScorers showSnpWidth hicDistanceMin hicDistanceMax hicArcLimit lollyMaxSize \
    maxWindowToQuery hapClusterHeight maxCheckBoxes maxCheckboxes";

/// Settings that take a number.
const NUMBERS: &str = "\
    priority barChartBarMinPadding barChartBarMinWidth maxLimit denseCoverage \
    showDiffBasesMaxZoom showCdsMaxZoom saturationScore yLineMark minQual minFreq";

const VISIBILITY: Syntax = Exactly(&[
    "hide", "dense", "squish", "pack", "full", "show", "0", "1", "2", "3", "4",
]);
const DIRECTIONS: Syntax = OneOf(&[
    "true",
    "offsetSource",
    "offsetTarget",
    "clusterSource",
    "clusterTarget",
]);
const OVERLAYS: Syntax = Exactly(&["transparentOverlay", "stacked", "solidOverlay", "none"]);
const WINDOWING: Syntax = OneOf(&["mean", "mean+whiskers", "maximum", "minimum"]);

/// The settings of a stanza that begins with `track`, by what their values look like.
pub const TRACK: &[(Syntax, &str)] = &[
    (Any, ANY),
    (ON_OFF, SWITCHES),
    (Integer, WHOLE_NUMBERS),
    (Number, NUMBERS),
    (VISIBILITY, "visibility"),
    (Color, "color altColor"),
    (OneOf(&["strand", "gray", "tag", "off"]), "bamColorMode"),
    (OneOf(&["aliQual", "baseQual", "unpaired"]), "bamGrayMode"),
    (OneOf(&["small", "medium", "large"]), "barChartMaxSize"),
    (ON_OFF, "itemRgb"),
    (OneOf(&["no", "all", "different"]), "pslSequence"),
    (DIRECTIONS, "interactDirectional"),
    (
        TRUE_FALSE,
        "interactUp detailsBoxesEnabled hicArcLimitEnabled hapClusterEnabled applyMinQual",
    ),
    (OneOf(&["any", "one", "two"]), "endsVisible"),
    (OneOf(&["triangle", "square", "arc"]), "drawMode"),
    (OneOf(&["on", "off", "group"]), "autoScale"),
    (Heights, "maxHeightPixels"),
    (Limits, "viewLimits viewLimitsMax"),
    (OneOf(&["bar", "points"]), "graphTypeDefault"),
    (OneOf(&["NONE", "LOG"]), "transformFunc"),
    (WINDOWING, "windowingFunction"),
    (OneOf(&["triangle", "rectangle"]), "hapClusterTreeAngle"),
    (Exactly(&["on", "on show"]), "superTrack"),
    (Exactly(&["on", "faceted"]), "compositeTrack"),
    (OneOf(&["subTracks", "on", "off"]), "dragAndDrop"),
    (Exactly(&["multiWig"]), "container"),
    (OVERLAYS, "aggregate"),
];
