process EPITRACK_TRACKS {
    tag "${meta.id}"
    label 'process_high'

    conda "${moduleDir}/environment.yml"
    container "${ workflow.containerEngine in ['singularity', 'apptainer'] && !task.ext.singularity_pull_docker_container ?
        'https://depot.galaxyproject.org/singularity/epitrack:0.2.0--0' :
        'quay.io/biocontainers/epitrack:0.2.0--0' }"

    input:
    tuple val(meta), path(run), path(pairs)
    tuple val(meta2), path(reference)

    output:
    tuple val(meta), path("${prefix}"), emit: tracks
    tuple val("${task.process}"), val('epitrack'), eval("epitrack --version | sed 's/epitrack //'"), topic: versions, emit: versions_epitrack

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    prefix = task.ext.prefix ?: "${meta.id}_tracks"
    """
    epitrack \\
        --threads ${task.cpus} \\
        tracks \\
        ${run} \\
        --table ${pairs} \\
        --reference ${reference} \\
        ${args} \\
        --out ${prefix}
    """

    stub:
    prefix = task.ext.prefix ?: "${meta.id}_tracks"
    """
    mkdir ${prefix}
    touch ${prefix}/tracks.json ${prefix}/enhancer_attention.bw ${prefix}/promoter_attention.bw
    """
}
